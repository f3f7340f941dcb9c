/**
 * Rounds that alternate between the sides of a comparison. The machine's mood changes by the minute - neighbours, clocks, caches - so
 * sides that are measured one after the other are measured in different weather; side by side, and in the middle of several, what
 * is left is their own difference.
 */
import { median } from './time.ts'

/** Counted rounds: as few as make a median worth its name. */
const ROUNDS = 5

/** What a side tells of a round, by name. */
type Figures = Record<string, number>

/** Runs every side once to warm up, then in turns. Answers the median of each figure, by side. */
export async function alternate<Side extends string, Told extends Figures>(
  sides: Record<Side, () => Promise<Told>>,
  say: (line: string) => void,
): Promise<Record<Side, Told>> {
  const names = Object.keys(sides) as Side[]
  const told = new Map(names.map((name) => [name, [] as Told[]]))
  for (let round = 0; round <= ROUNDS; round++) {
    for (const name of names) {
      const figures = await sides[name]()
      if (round > 0) told.get(name)?.push(figures)
      say(`${round === 0 ? 'warm-up' : `round ${round}`}: ${name} ${describe(figures)}`)
    }
  }
  return Object.fromEntries(names.map((name) => [name, medians(told.get(name) ?? [])])) as Record<Side, Told>
}

/** Of several settings of a peer the one that does best: a peer that is held back proves nothing. */
export async function best<Setting>(
  settings: Setting[],
  rate: (setting: Setting) => Promise<number>,
): Promise<Setting> {
  let found = { setting: settings[0] as Setting, rate: Number.NEGATIVE_INFINITY }
  for (const setting of settings) {
    const reached = await rate(setting)
    if (reached > found.rate) found = { setting, rate: reached }
  }
  return found.setting
}

function medians<Told extends Figures>(rounds: Told[]): Told {
  const names = Object.keys(rounds[0] ?? {})
  return Object.fromEntries(names.map((name) => [name, median(rounds.map((told) => told[name] as number))])) as Told
}

function describe(figures: Figures): string {
  return Object.entries(figures)
    .map(([name, value]) => `${name} ${Number(value.toPrecision(3))}`)
    .join(', ')
}
