/**
 * How the chaos bank treats one call: mostly well, else late, with an error, by hanging up, or not at all - before it has
 * written its books or after. Drawn from seed, key and how often the key has come, so a run can be had again; the third call about
 * a key is always treated well, because a bank that never answers proves nothing.
 */
import { Random } from '../random.ts'

export type Mood = 'well' | 'late' | 'error' | 'hang up' | 'silence'

export interface Treatment {
  mood: Mood
  /** Whether the books are written before the mood strikes. */
  written: boolean
  /** ms until it answers. */
  delayMs: number
}

const MOODS: Record<Mood, number> = { well: 0.76, late: 0.1, error: 0.06, 'hang up': 0.05, silence: 0.03 }
const PATIENT_FROM = 3

export function treatmentOf(seed: string, key: string, nth: number): Treatment {
  const random = new Random(`${seed}/${key}/${nth}`)
  const mood = nth >= PATIENT_FROM ? 'well' : random.weighted(MOODS)
  const delayMs = mood === 'late' ? random.between(1_000, 4_000) : random.between(5, 150)
  return { mood, written: random.chance(0.6), delayMs }
}

export interface Decision {
  approved: boolean
  reason: string | null
  /** ms until it is decided. */
  takesMs: number
  /** How often the bank calls back about it. */
  callbacks: number
}

const APPROVED = { authorize: 0.85, capture: 0.97, void: 1, refund: 0.95 }
const LONGEST_MS = { authorize: 1_500, capture: 0, void: 0, refund: 800 }

export function decisionOn(seed: string, kind: keyof typeof APPROVED, key: string): Decision {
  const random = new Random(`${seed}/${key}/decision`)
  const approved = random.chance(APPROVED[kind])
  return {
    approved,
    reason: approved ? null : 'the bank does not want to',
    takesMs: random.chance(0.3) ? 0 : random.between(0, LONGEST_MS[kind]),
    callbacks: Number(random.weighted({ '0': 0.75, '1': 0.1, '2': 0.15 })),
  }
}
