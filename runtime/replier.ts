/**
 * Tells whoever waits for a command that its result stands in the store. Best effort, as the waiter also polls: this only saves it the
 * wait. In groups, a push a list, because an API process waits for many commands at once.
 */
import type { Address } from './address.ts'
import { Batcher } from './batcher.ts'
import type { Answered } from './effects.ts'
import type { RedisConnection } from './redis.ts'

interface Reply {
  list: string
  text: string
}

/** A list whose reader is gone disappears. */
const TTL_S = 10
const REPLIES_A_CALL = 500
const REPLIES_WAITING = 10_000

export class Replier {
  readonly #redis: RedisConnection
  readonly #batcher: Batcher<Reply, true>

  constructor(redis: RedisConnection) {
    this.#redis = redis
    this.#batcher = new Batcher((group) => this.#push(group), {
      max: REPLIES_A_CALL,
      concurrency: 1,
      limit: REPLIES_WAITING,
    })
  }

  /** Never throws. */
  reply({ replyTo, seq }: Answered, address: Address): void {
    this.#batcher.add({ list: replyTo, text: `${address} ${seq}` }).catch(() => {})
  }

  async #push(group: Reply[]): Promise<true[]> {
    const lists = Map.groupBy(group, ({ list }) => list)
    await Promise.all(
      [...lists].map(([list, replies]) =>
        this.#redis
          .multi()
          .rpush(list, ...replies.map(({ text }) => text))
          .expire(list, TTL_S)
          .exec(),
      ),
    )
    return group.map(() => true)
  }
}
