/**
 * What a worker process measures. Workers listen on no port; every few seconds each leaves its figures in Redis, under a key that
 * goes by itself, and the API's `/metrics` adds up those of all workers that live.
 */
import { Counter, Histogram, Registry } from 'prom-client'
import type { Acquirer, BankAnswer } from '../../actors/acquirers/acquirer.ts'
import type { Dialler } from '../../actors/delivery/dialler.ts'
import { monotonicMs } from '../../runtime/clock.ts'
import type { Observer } from '../../runtime/observer.ts'
import type { RedisConnection } from '../../runtime/redis.ts'

const EVERY_MS = 2000
/** A worker that has died is out of the sums after this long. */
const KEPT_S = 15
const FAST_S = [0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
const GROUPS = [1, 2, 4, 8, 16, 32, 64, 128]

export const metricsKey = (worker: string) => `metrics:${worker}`

export class WorkerMetrics implements Observer {
  readonly #registry = new Registry()
  readonly #turns = this.#histogram('gateway_turn_seconds', 'Turns of actors, load and ack not counted', [
    'kind',
    'outcome',
  ])
  readonly #commits = this.#histogram('gateway_commit_seconds', 'Commit statements', ['kind'])
  readonly #groups = this.#histogram('gateway_commit_group', 'Turns a commit statement', ['kind'], GROUPS)
  readonly #bank = this.#histogram('gateway_bank_call_seconds', 'Calls to the bank', ['operation', 'answer'])
  readonly #webhooks = this.#histogram('gateway_webhook_seconds', 'Attempts to deliver a webhook', ['outcome'])
  readonly #errors = new Counter({
    name: 'gateway_turn_failures_total',
    help: 'Turns that failed of their own making',
    labelNames: ['kind'],
    registers: [this.#registry],
  })

  turn(kind: string, outcome: 'ok' | 'rest' | 'fail', ms: number): void {
    this.#turns.observe({ kind, outcome }, ms / 1000)
    if (outcome === 'fail') this.#errors.inc({ kind })
  }

  commit(kind: string, size: number, ms: number): void {
    this.#commits.observe({ kind }, ms / 1000)
    this.#groups.observe({ kind }, size)
  }

  /** The same acquirer, its calls timed. */
  timedBank(acquirer: Acquirer): Acquirer {
    const timed = (name: 'authorize' | 'capture' | 'void' | 'refund'): Acquirer[typeof name] => {
      return (...asked) => this.#time(this.#bank, { operation: name }, () => acquirer[name](...asked))
    }
    return {
      tokenize: (instrument, test) => acquirer.tokenize(instrument, test),
      authorize: timed('authorize'),
      capture: timed('capture'),
      void: timed('void'),
      refund: timed('refund'),
      inquire: (...asked) => this.#time(this.#bank, { operation: 'inquire' }, () => acquirer.inquire(...asked)),
    }
  }

  /** The same dialler, its calls timed. */
  timedDialler(dialler: Dialler): Dialler {
    return {
      ...dialler,
      dial: async (call) => {
        const answer = await dialler.dial(call)
        const outcome = 'status' in answer ? `${Math.floor(answer.status / 100)}xx` : 'no answer'
        this.#webhooks.observe({ outcome }, answer.durationMs / 1000)
        return answer
      },
    }
  }

  /** Leaves the figures in Redis until the returned function is called. */
  publish(redis: RedisConnection, worker: string): () => void {
    const timer = setInterval(async () => {
      const figures = JSON.stringify(await this.#registry.getMetricsAsJSON())
      // Redis away: the next figures hold these as well.
      await redis.set(metricsKey(worker), figures, 'EX', KEPT_S).catch(() => {})
    }, EVERY_MS)
    timer.unref()
    return () => clearInterval(timer)
  }

  async #time<Answer extends BankAnswer | { state: 'unknown' }>(
    histogram: Histogram<string>,
    labels: Record<string, string>,
    call: () => Promise<Answer>,
  ): Promise<Answer> {
    const started = monotonicMs()
    let answer = 'error'
    try {
      const said = await call()
      answer = said.state
      return said
    } finally {
      histogram.observe({ ...labels, answer }, (monotonicMs() - started) / 1000)
    }
  }

  #histogram(name: string, help: string, labelNames: string[], buckets = FAST_S): Histogram<string> {
    return new Histogram({ name, help, labelNames, buckets, registers: [this.#registry] })
  }
}
