/**
 * `npm run chaos -- --seed 1 --minutes 10`: breaks everything around the gateway, again and again, and then asks whether it kept what
 * it promises. The same seed plans the same faults, payments and moods of the bank; what they hit depends on the machine's timing.
 *
 *   --seed     any text (1)
 *   --minutes  how long things break (3); the last payments come to their ends after that
 *   --rate     payments a second (10)
 *   --workers  worker processes (3)
 *
 * The report goes to .data/chaos/<seed>/, with all logs and books. Exit code 1: a promise was broken.
 */
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { endLeftovers } from '../../ops/embedded/leftovers.ts'
import { onStopSignals } from '../../ops/signals.ts'
import { explain, StopReason } from '../../ops/stop-reason.ts'
import { summary, writeReport } from './report.ts'
import { type RunOptions, run } from './run.ts'
import type { World } from './world.ts'

const ROOT = join(import.meta.dirname, '..', '..')

function readOptions(): RunOptions {
  const text = (otherwise: string) => ({ type: 'string', default: otherwise }) as const
  const { values } = parseArgs({
    options: { seed: text('1'), minutes: text('3'), rate: text('10'), workers: text('3'), folder: text('') },
  })
  const number = (name: 'minutes' | 'rate' | 'workers', min: number, max: number) => {
    const value = Number(values[name])
    if (!(value >= min && value <= max)) throw new StopReason(`--${name} is a number from ${min} to ${max}`)
    return value
  }
  if (!/^[\w.-]{1,64}$/.test(values.seed)) throw new StopReason('--seed is 1 to 64 letters, digits, "-", "_" or "."')
  return {
    seed: values.seed,
    minutes: number('minutes', 0.25, 24 * 60),
    rate: number('rate', 0.1, 1_000),
    workers: number('workers', 1, 16),
    folder: values.folder || join(ROOT, '.data', 'chaos', values.seed),
    say: (line) => console.log(line),
  }
}

async function main(): Promise<boolean> {
  const options = readOptions()
  mkdirSync(options.folder, { recursive: true })
  await endLeftovers(options.folder) // of a run that was killed
  rmSync(options.folder, { recursive: true })
  let world: World | undefined
  const stop = (signal: NodeJS.Signals) => {
    console.log(`${signal}: ending what was started`)
    const ended = world ? world.close() : endLeftovers(options.folder)
    ended.then(() => process.exit(1), fail)
  }
  onStopSignals(stop, () => {})
  const onOpen = (opened: World) => {
    world = opened
  }
  const outcome = await run({ ...options, onOpen })
  console.log(summary(outcome))
  console.log(`\nreport: ${writeReport(options.folder, outcome)}`)
  return outcome.broken === null
}

function fail(error: unknown): never {
  explain(error)
  process.exit(1)
}

main().then((kept) => process.exit(kept ? 0 : 1), fail)
