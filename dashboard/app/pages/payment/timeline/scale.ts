/**
 * Time on one axis, with the waits folded: 3 ms and 54 s must be seen on one screen. Where nothing happens for more than a second,
 * and for long compared to what went before, the axis jumps; between the jumps it is true to scale. Pure.
 */

export interface Fold {
  /** Percent of the track. */
  x: number
  width: number
  /** How long nothing happened. */
  ms: number
}

export interface Stretch {
  /** Percent of the track. */
  x: number
  width: number
  fromMs: number
  toMs: number
}

export interface Scale {
  /** Percent of the track for a moment in ms; a moment in a fold lies in it. */
  at: (ms: number) => number
  folds: Fold[]
  /** Between the folds. */
  stretches: Stretch[]
  endMs: number
}

export interface Interval {
  startMs: number
  endMs: number
}

const FOLD_MS = 1_000
/** After an hour a minute's wait is none: so much of the time before it, at least, is a wait. */
const FOLD_SHARE = 0.1
const FOLD_WIDTH = 6
/** All folds together, percent. */
const FOLDS_WIDTH = 30
/** Room at the end for what is to come. */
const MARGIN = 1
/** Every so many ms a stretch doubles, it gets one part more of the track. */
const DOUBLING_MS = 20

export function foldedScale(intervals: readonly Interval[]): Scale {
  const busy = joined(intervals)
  const foldWidth = Math.min(FOLD_WIDTH, FOLDS_WIDTH / Math.max(1, busy.length - 1))
  const room = 100 - MARGIN - foldWidth * (busy.length - 1)
  const weights = busy.map(({ startMs, endMs, rows }) => 2 + rows + Math.log2(1 + (endMs - startMs) / DOUBLING_MS))
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const stretches: Stretch[] = []
  const folds: Fold[] = []
  let x = 0
  busy.forEach(({ startMs, endMs }, index) => {
    const before = stretches.at(-1)
    if (before) {
      folds.push({ x, width: foldWidth, ms: startMs - before.toMs })
      x += foldWidth
    }
    const width = (room * (weights[index] ?? 0)) / total
    stretches.push({ x, width, fromMs: startMs, toMs: endMs })
    x += width
  })
  return { at: (ms) => positionOf(ms, stretches, folds), folds, stretches, endMs: busy.at(-1)?.endMs ?? 0 }
}

interface Busy extends Interval {
  rows: number
}

/** Intervals without a wait between them, joined. */
function joined(intervals: readonly Interval[]): Busy[] {
  const sorted = [...intervals].sort((a, b) => a.startMs - b.startMs)
  const busy: Busy[] = []
  for (const { startMs, endMs } of sorted) {
    const last = busy.at(-1)
    if (last && startMs - last.endMs <= Math.max(FOLD_MS, last.endMs * FOLD_SHARE)) {
      last.endMs = Math.max(last.endMs, endMs)
      last.rows++
    } else busy.push({ startMs, endMs, rows: 1 })
  }
  return busy
}

function positionOf(ms: number, stretches: Stretch[], folds: Fold[]): number {
  const index = stretches.findLastIndex(({ fromMs }) => fromMs <= ms)
  const stretch = stretches[index]
  if (!stretch) return 0
  const long = stretch.toMs - stretch.fromMs
  if (ms <= stretch.toMs) return stretch.x + (long === 0 ? 0 : (stretch.width * (ms - stretch.fromMs)) / long)
  const fold = folds[index]
  if (!fold) return 100 - MARGIN
  return fold.x + (fold.width * (ms - stretch.toMs)) / fold.ms
}
