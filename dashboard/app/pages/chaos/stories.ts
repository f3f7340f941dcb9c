/**
 * What each fault caused: the fault first, then what the system did about it, as the page sees it happen. Watched from outside, by the
 * same inspection that operators have; nothing in the gateway knows that it is being told about.
 */
import { createStore } from 'solid-js/store'
import { get } from '../../data/api.ts'
import type { Checked } from '../../data/chaos.ts'
import type { Runtime } from '../../data/runtime.ts'

export interface Effect {
  words: string
  state: 'backing off' | 'in turn' | 'success' | 'failed'
  afterMs: number
}

export interface Story {
  id: number
  icon: 'kill' | 'pause' | 'flush' | 'bank'
  title: string
  what: string
  atMs: number
  effects: Effect[]
}

/** Something to wait for: null while it has not happened. */
type Step = (runtime: Runtime) => Omit<Effect, 'afterMs'> | null

const LOOK_MS = 200
/** A recovery that takes longer is told as it stands. */
const PATIENCE_MS = 60_000
const KEPT = 8

const [stories, setStories] = createStore<Story[]>([])
let last = 0

export { stories }

export function readRuntimeNow(): Promise<Runtime> {
  return get<Runtime>('/api/v1/actors')
}

/** Begins a story and follows its steps, one after the other. */
export async function tell(story: Omit<Story, 'id' | 'atMs' | 'effects'>, steps: Step[]): Promise<void> {
  const id = ++last
  const atMs = Date.now()
  setStories((before) => [{ ...story, id, atMs, effects: [] }, ...before].slice(0, KEPT))
  const add = (effect: Omit<Effect, 'afterMs'>) =>
    setStories(
      (one) => one.id === id,
      'effects',
      (before) => [...before, { ...effect, afterMs: Date.now() - atMs }],
    )
  for (const step of steps) {
    const effect = await seen(step, atMs)
    if (effect === null) {
      add({ words: 'not seen within a minute: look at the actors', state: 'failed' })
      return
    }
    add(effect)
  }
  add(await verdict())
}

async function seen(step: Step, atMs: number): Promise<Omit<Effect, 'afterMs'> | null> {
  while (Date.now() - atMs < PATIENCE_MS) {
    // While Redis is being emptied it may not answer; the next look will tell.
    const runtime = await readRuntimeNow().catch(() => null)
    const effect = runtime && step(runtime)
    if (effect) return effect
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
  }
  return null
}

async function verdict(): Promise<Omit<Effect, 'afterMs'>> {
  const { invariants } = await get<Checked>('/api/v1/chaos/invariants')
  const broken = invariants.filter(({ holds }) => !holds)
  if (broken.length === 0) return { words: 'lost 0, charged twice 0: all promises hold', state: 'success' }
  return { words: `${broken.map(({ name }) => name).join('; ')}: broken`, state: 'failed' }
}

/** Everybody who ran before, and how many of them run now. */
export const running = ({ workers }: Runtime) => workers.filter(({ status }) => status === 'running')

export function allMove({ truth_gap: gap, oldest_ready: oldest }: Runtime): boolean {
  return gap.unknown === 0 && (oldest?.waiting_ms ?? 0) < 1_000
}
