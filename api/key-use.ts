/**
 * When keys were last used. A request only leaves a mark in memory; once a minute the marks of all keys are written together, so that
 * knowing this costs no request a write. A process that is killed forgets a minute of it.
 */

import { wallMs } from '../actors/index.ts'
import type { Database, Statement } from '../schema/database.ts'

const WRITE_EVERY_MS = 60_000

/** $1: keys, $2: ms since the epoch. Sorted, so that two processes queue up instead of deadlocking. */
const MARK: Statement = {
  name: 'api_mark_keys_used',
  text: `update api_keys k set last_used_at = greatest(k.last_used_at, u.at)
    from (
      select q.ctid as row, to_timestamp(i.ms / 1000) as at
      from unnest($1::text[], $2::float8[]) as i (key, ms)
      cross join lateral (select ctid from api_keys where key = i.key offset 0) q
    ) u where k.ctid = u.row`,
}

export class KeyUse {
  readonly #database: Database
  readonly #timer: NodeJS.Timeout
  #marks = new Map<string, number>()

  constructor(database: Database) {
    this.#database = database
    // What could not be written stays in memory and goes with the next round.
    this.#timer = setInterval(() => this.write().catch(() => undefined), WRITE_EVERY_MS).unref()
  }

  mark(key: string): void {
    this.#marks.set(key, wallMs())
  }

  /** Writes what has been marked. Rejects when Postgres is away, and keeps the marks. */
  async write(): Promise<void> {
    const marks = [...this.#marks].sort(([a], [b]) => (a < b ? -1 : 1))
    if (marks.length === 0) return
    this.#marks = new Map()
    try {
      await this.#database.run(MARK, [marks.map(([key]) => key), marks.map(([, ms]) => ms)])
    } catch (error) {
      this.#marks = new Map([...marks, ...this.#marks])
      throw error
    }
  }

  async close(): Promise<void> {
    clearInterval(this.#timer)
    // Best effort at the end: a database that is away must not keep the process.
    await this.write().catch(() => undefined)
  }
}
