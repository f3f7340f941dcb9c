/**
 * What breaks when. Every kind of fault has its rate, each minute has its share of it, and chance only decides the moment: a run of
 * ten minutes is sure to hold sixty kills, where plain chance would once in a while hold thirty.
 */
import type { Random } from './random.ts'

/** Faults a minute. */
export const RATES = {
  'kill a worker': 6,
  'stop a worker briefly': 2,
  'stop a worker past its lease': 2,
  'kill the API': 1,
  'step a clock': 1.5,
  'cut a wire': 3,
  'freeze a wire': 2,
  'kill Redis connections': 1.2,
  'flush Redis': 1.2,
  'flush Redis scripts': 1,
  'restart Redis': 0.6,
  'pause Redis': 1,
  'fill Redis up': 0.6,
  'restart Postgres': 0.6,
  'end Postgres connections': 1,
  'kill the bank': 1,
  'pause the bank': 0.6,
  'kill the receivers': 0.6,
} as const

export type FaultName = keyof typeof RATES

export interface PlannedFault {
  n: number
  name: FaultName
  atMs: number
}

/** At least one of each kind, spread over the time, none in the first or last two seconds. */
export function planFaults(random: Random, minutes: number): PlannedFault[] {
  const faults: Omit<PlannedFault, 'n'>[] = []
  const lengthMs = minutes * 60_000 - 4_000
  for (const [name, rate] of Object.entries(RATES) as [FaultName, number][]) {
    const count = Math.ceil(rate * minutes)
    for (let i = 0; i < count; i++) faults.push({ name, atMs: 2_000 + ((i + random.next()) * lengthMs) / count })
  }
  return faults.sort((a, b) => a.atMs - b.atMs).map((fault, n) => ({ n: n + 1, ...fault }))
}
