/**
 * One line of the results: ours beside the peer, and beside a limit where there is one that nobody could pass. What the goal is
 * compared with follows from how the line was made, so that no reader has to guess which way is better.
 */

export interface Result {
  name: string
  unit: string
  ours: number
  peer: number | null
  limit: number | null
  /** How many times better than the peer; for lines without a peer see where they are made. */
  ratio: number | null
  goal: number | null
  met: boolean | null
}

type Measured = Pick<Result, 'name' | 'unit' | 'ours'> & Partial<Pick<Result, 'peer' | 'limit'>>

/** A rate that shall be `goal` times the peer's. */
export function timesPeer(goal: number, measured: Measured): Result {
  const ratio = quotient(measured.ours, measured.peer)
  return line(measured, { ratio, goal, met: ratio !== null && ratio >= goal })
}

/** A rate that shall reach the share `goal` of the limit. */
export function shareOfLimit(goal: number, measured: Measured): Result {
  const ratio = quotient(measured.ours, measured.limit)
  return line(measured, { ratio, goal, met: ratio !== null && ratio >= goal })
}

/** A time or a cost that shall be `goal` at most. */
export function atMost(goal: number, measured: Measured): Result {
  return line(measured, { ratio: quotient(measured.peer, measured.ours), goal, met: measured.ours <= goal })
}

/** A cost at a large size (`ours`) that shall be at most `goal` times what it is at a small one (`limit`). */
export function flatWithin(goal: number, measured: Measured): Result {
  const ratio = quotient(measured.ours, measured.limit)
  return line(measured, { ratio, goal, met: ratio !== null && ratio <= goal })
}

/** A time or a cost that is told without a goal. */
export function told(measured: Measured): Result {
  return line(measured, { ratio: quotient(measured.peer, measured.ours), goal: null, met: null })
}

function line(measured: Measured, judged: Pick<Result, 'ratio' | 'goal' | 'met'>): Result {
  const { name, unit, ours, peer = null, limit = null } = measured
  const { ratio, goal, met } = judged
  return { name, unit, ours: short(ours), peer: short(peer), limit: short(limit), ratio: short(ratio), goal, met }
}

function quotient(dividend: number | null | undefined, divisor: number | null | undefined): number | null {
  return dividend == null || divisor == null || divisor === 0 ? null : dividend / divisor
}

/** Three digits: what comes after them changes from run to run. */
function short<Value extends number | null>(value: Value): Value {
  if (value === null) return value
  return (Math.abs(value) >= 1000 ? Math.round(value) : Number(value.toPrecision(3))) as Value
}
