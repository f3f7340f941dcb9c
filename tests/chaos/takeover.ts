/**
 * How long the work of a killed worker lies idle: from its SIGKILL until Redis counts none of its claims any more. No supervisor ends
 * its leases here, so this is the slow way, by the lease's end. Kills during which Redis itself was disturbed are left out.
 */
import type { Redis } from 'ioredis'
import { monotonicMs } from '../../runtime/clock.ts'
import type { Member } from './member.ts'

export interface Takeover {
  member: string
  /** Claims it held. */
  claims: number
  ms: number
}

const OWN = '{0}:own'
const LOOK_EVERY_MS = 20
const LIMIT_MS = 60_000

export class Takeovers {
  readonly measured: Takeover[] = []
  readonly #redis: Redis
  /** Counts what makes a figure meaningless. */
  #disturbances = 0

  constructor(redis: Redis) {
    this.#redis = redis
  }

  disturb(): void {
    this.#disturbances++
  }

  /** Call it just before the kill. */
  watch(member: Member): void {
    const leases = [...(member.process?.leases ?? [])]
    this.#measure(member.name, leases).catch(() => {}) // Redis went away: no figure
  }

  async #measure(member: string, leases: string[]): Promise<void> {
    const disturbances = this.#disturbances
    const since = monotonicMs()
    let claims = 0
    while (monotonicMs() - since < LIMIT_MS) {
      const left = await this.#held(leases)
      if (this.#disturbances !== disturbances) return
      claims = Math.max(claims, left)
      const ms = monotonicMs() - since
      // What it had claimed a moment before its death is seen within the first looks.
      if (left === 0 && ms > 200) {
        if (claims > 0) this.measured.push({ member, claims, ms: Math.round(ms) })
        return
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
    }
    this.measured.push({ member, claims, ms: LIMIT_MS })
  }

  async #held(leases: string[]): Promise<number> {
    const tokens = await this.#redis.hvals(OWN)
    return tokens.filter((token) => leases.some((lease) => token.startsWith(`${lease}:`))).length
  }
}
