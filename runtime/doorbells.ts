/**
 * Rings actors, in groups. Best effort by design: whoever is owed a turn stands in Postgres, so a doorbell that is lost - Redis
 * away, too many waiting - costs the seconds until the sweep, and nothing else.
 */
import type { Address } from './address.ts'
import { Batcher } from './batcher.ts'
import { MAILBOX_CAP, SENDS_A_CALL, SENDS_WAITING } from './limits.ts'
import { partitionOf, partitionPrefix } from './partitions.ts'
import type { RedisConnection } from './redis.ts'
import { Partition } from './scripts.ts'

interface Doorbell {
  address: Address
  envelope: string
}

export const RING = '!'

/** A Redis that hangs must not keep a process from ending: after this long the sweep rings what is left. */
const DRAIN_MS = 2000

export class Doorbells {
  readonly #batchers: Batcher<Doorbell, number>[]
  #underWay = 0
  #onDrained: (() => void) | null = null
  /** Doorbells that could not be rung since the start. */
  lost = 0

  constructor(redis: RedisConnection, partitions: number) {
    this.#batchers = Array.from({ length: partitions }, (_, p) => {
      const partition = new Partition(redis, partitionPrefix(p, partitions))
      return new Batcher((group) => partition.send(MAILBOX_CAP, group), {
        max: SENDS_A_CALL,
        concurrency: 1,
        limit: SENDS_WAITING,
      })
    })
  }

  /** Never throws. `envelope` shows what rang, to whoever inspects the mailbox. */
  ring(addresses: Address[], envelope = RING): void {
    for (const address of addresses) {
      const batcher = this.#batchers[partitionOf(address, this.#batchers.length)] as Batcher<Doorbell, number>
      this.#underWay++
      batcher.add({ address, envelope }).then(this.#rung, this.#failed)
    }
  }

  /** Until everything rung so far has been sent, or failed, or two seconds have passed. */
  async drain(): Promise<void> {
    if (this.#underWay === 0) return
    await new Promise<void>((resolve) => {
      this.#onDrained = resolve
      setTimeout(resolve, DRAIN_MS).unref()
    })
  }

  readonly #rung = (): void => {
    this.#underWay--
    if (this.#underWay === 0) this.#onDrained?.()
  }

  readonly #failed = (): void => {
    this.lost++
    this.#rung()
  }
}
