/**
 * The truth gap: who is owed a turn by Postgres and unknown to Redis. Normally none; after a FLUSHALL all of them, and one watches
 * it fall to zero as the sweep rings them.
 */
import type { Inspector } from '../../runtime/inspector.ts'
import type { Storage } from '../../runtime/storage.ts'

export interface TruthGap {
  /** Owed a turn for longer than the grace, up to the limit looked at. */
  overdue: number
  /** Of those, unknown to Redis. */
  unknown: number
  /** There were more than were looked at: both are lower bounds. */
  more: boolean
  oldestMs: number
}

/** Younger ones are simply on their way. */
const GRACE_MS = 1000
const LOOKED_AT = 5000

/** Throws StoreAway, or the connection's error when Redis is away. */
export async function truthGap(storage: Storage, inspector: Inspector): Promise<TruthGap> {
  const { owed, next } = await storage.owed({ fromMs: null, toMs: -GRACE_MS, after: null, limit: LOOKED_AT })
  const unknown = await inspector.unknown([...new Set(owed.map(({ address }) => address))])
  const oldestMs = owed.reduce((oldest, { inMs }) => Math.max(oldest, -inMs), 0)
  return { overdue: owed.length, unknown: unknown.length, more: next !== null, oldestMs: Math.round(oldestMs) }
}
