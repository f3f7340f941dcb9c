/** What is written at the folded axis: as many moments and waits as have room, and never one over another. Pure. */
import { span } from '../../../format/time.ts'
import type { Scale } from './scale.ts'

export interface Label {
  /** Percent of the track. */
  x: number
  anchor: 'start' | 'middle' | 'end'
  words: string
}

/** What a character takes of the track, percent. */
const CHARACTER = 1.7
/** Between two labels. */
const GAP = 1.5

/** When each stretch begins, and, where there is room left, when it ends. */
export function momentLabels({ stretches }: Scale): Label[] {
  const starts = stretches.map(({ x, fromMs }, i): Label => {
    return { x: i === 0 ? x : x + 0.7, anchor: 'start', words: fromMs === 0 ? '0' : span(fromMs) }
  })
  const ends = stretches
    .filter(({ fromMs, toMs }) => toMs > fromMs)
    .map(({ x, width, toMs }): Label => ({ x: x + width - 0.7, anchor: 'end', words: span(toMs) }))
  return fitting([...starts, ...ends])
}

/** How long each fold is. */
export function waitLabels({ folds }: Scale): Label[] {
  const longestFirst = [...folds].sort((a, b) => b.ms - a.ms)
  return fitting(longestFirst.map(({ x, width, ms }) => ({ x: x + width / 2, anchor: 'middle', words: span(ms) })))
}

/** Those that find their place free, in the order of asking. */
function fitting(labels: readonly Label[]): Label[] {
  const kept: Label[] = []
  for (const label of labels) {
    const [from, to] = placeOf(label)
    const isFree = kept.every((other) => {
      const [left, right] = placeOf(other)
      return to + GAP < left || from > right + GAP
    })
    if (isFree && to <= 100) kept.push(label)
  }
  return kept
}

function placeOf({ x, anchor, words }: Label): [from: number, to: number] {
  const width = words.length * CHARACTER
  const from = anchor === 'start' ? x : anchor === 'end' ? x - width : x - width / 2
  return [from, from + width]
}
