/** How a worker of the demo carries chaos orders out on itself. */
import type { Acquirer } from '../../actors/acquirers/acquirer.ts'
import { monotonicMs } from '../../runtime/clock.ts'
import { openRedis, ready } from '../../runtime/redis.ts'
import { type ChaosOrder, hearOrders } from './orders.ts'

export class WorkerChaos {
  #bankAwayUntil = 0

  /** The same acquirer, out of reach while the bank is stopped. Cards are still tokenized: that is no call of a worker. */
  breakable(acquirer: Acquirer): Acquirer {
    const reach = <Args extends unknown[], Answer>(call: (...args: Args) => Promise<Answer>) => {
      return async (...args: Args): Promise<Answer> => {
        if (monotonicMs() < this.#bankAwayUntil) throw new Error('the bank is stopped')
        return await call(...args)
      }
    }
    return {
      tokenize: (instrument, test) => acquirer.tokenize(instrument, test),
      authorize: reach(acquirer.authorize.bind(acquirer)),
      capture: reach(acquirer.capture.bind(acquirer)),
      void: reach(acquirer.void.bind(acquirer)),
      refund: reach(acquirer.refund.bind(acquirer)),
      inquire: reach(acquirer.inquire.bind(acquirer)),
    }
  }

  /** Listens until the returned function is called. */
  async listen(redisUrl: string, worker: string): Promise<() => void> {
    const redis = openRedis(redisUrl, 'commands')
    await ready(redis)
    await hearOrders(redis, (order) => this.#obey(order, worker))
    return () => redis.disconnect()
  }

  #obey(order: ChaosOrder, worker: string): void {
    if (order.action === 'stop-bank') this.#bankAwayUntil = monotonicMs() + order.ms
    else if (order.worker !== worker) return
    else if (order.action === 'kill') endAtOnce()
    else standStill(order.ms)
  }
}

/** The first process of a container can't be killed from within: there the kernel drops the signal. */
function endAtOnce(): void {
  if (process.pid === 1) process.exit(137)
  process.kill(process.pid, 'SIGKILL')
}

/** As a long garbage collection or a suspended machine does: nothing in this process moves, heartbeats included. */
function standStill(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
}
