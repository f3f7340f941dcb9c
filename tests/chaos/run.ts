/** A chaos run from its beginning to its verdict: load and faults side by side, then quiet, then the questions. */
import { setTimeout as sleep } from 'node:timers/promises'
import { monotonicMs } from '../../runtime/clock.ts'
import { gatherFacts } from './facts.ts'
import { FAULTS } from './faults.ts'
import { decisionsOf, type Figures, figuresOf } from './figures.ts'
import { judge, type Verdict } from './invariants/all.ts'
import { Load } from './load.ts'
import type { Crash } from './member.ts'
import { leftInRedis, untilNothingIsOpen } from './quiet.ts'
import { Random } from './random.ts'
import { type FaultName, type PlannedFault, planFaults } from './schedule.ts'
import { Takeovers } from './takeover.ts'
import { timelineOf } from './timeline.ts'
import { World } from './world.ts'

export interface RunOptions {
  seed: string
  minutes: number
  /** Payments a second. */
  rate: number
  workers: number
  folder: string
  say(line: string): void
  /** What is there to be closed, should somebody lose patience. */
  onOpen?(world: World): void
}

export interface HappenedFault {
  name: FaultName
  /** What exactly was done. */
  detail: string
  /** ms since the epoch */
  from: number
  to: number
}

export interface Outcome {
  seed: string
  minutes: number
  verdicts: (Verdict & { count: number })[]
  faults: HappenedFault[]
  figures: Figures
  /** The first promise that was broken, and the life of the payment that shows it. */
  broken: { invariant: string; what: string; payment: string | null; timeline: string[] } | null
  /** The payment that waited longest for its outcome. */
  slowest: { payment: string; ms: number; timeline: string[] } | null
}

/** Faults that end claims, or hide them, for reasons of Redis's own: no kill is measured across them. */
const DISTURB_TAKEOVERS: ReadonlySet<FaultName> = new Set([
  'flush Redis',
  'restart Redis',
  'pause Redis',
  'cut a wire',
  'freeze a wire',
  'kill Redis connections',
  'stop a worker past its lease',
])
const PROGRESS_MS = 5_000
const FAULTS_END_MS = 60_000
const STORIES_END_MS = 120_000
const QUIET_MS = 180_000
const REDIS_REST_MS = 30_000

export async function run(options: RunOptions): Promise<Outcome> {
  const { seed, minutes, rate, workers, folder, say } = options
  const random = new Random(seed)
  const crashes: Crash[] = []
  const world = await World.open({
    folder,
    seed,
    workers,
    onCrash: (crash) => {
      crashes.push(crash)
      say(`!! ${crash.member} ended by itself (${crash.how}) ${crash.wasReady ? '' : 'while it started'}`)
    },
  })
  options.onOpen?.(world)
  const load = new Load({ merchant: world.merchant, random: random.fork('load'), rate })
  const takeovers = new Takeovers(world.redis)
  try {
    load.start()
    const faults = await breakThings(planFaults(random.fork('schedule'), minutes), {
      options,
      world,
      load,
      takeovers,
      random,
    })
    const healing = monotonicMs()
    const after = () => `${((monotonicMs() - healing) / 1_000).toFixed(1)} s`
    say('all faults are over: healing, and waiting for the last payment')
    await world.heal()
    const dismissed = await world.dismissTheGone()
    say(`everything runs (${after()})`)
    const decided = await load.finish(STORIES_END_MS)
    say(decided ? `every merchant has its answers (${after()})` : `${load.open} merchants wait in vain`)
    const open = await untilNothingIsOpen(world.database, QUIET_MS)
    say(open ? `still open: ${JSON.stringify(open)}` : `nothing is open (${after()})`)
    const left = await leftInRedis(world.redis, [`{0}:line:${dismissed}`], REDIS_REST_MS)
    say(`Redis rests (${after()})`)
    const facts = await gatherFacts(world, load.stories, crashes, left)
    const verdicts = judge(facts)
    const first = verdicts.find(({ count }) => count > 0)
    const breach = first?.breaches[0]
    const [slowest = null] = decisionsOf(facts).sort((a, b) => b.ms - a.ms)
    const broken = first && breach ? { invariant: first.invariant, ...breach } : null
    return {
      seed,
      minutes,
      verdicts,
      faults,
      figures: figuresOf(facts, faults, takeovers.measured),
      broken: broken && {
        ...broken,
        timeline: broken.payment === null ? [] : timelineOf(broken.payment, facts, faults),
      },
      slowest: slowest && { ...slowest, timeline: timelineOf(slowest.payment, facts, faults) },
    }
  } finally {
    await world.close()
  }
}

interface Scene {
  options: RunOptions
  world: World
  load: Load
  takeovers: Takeovers
  random: Random
}

/** Settles when the time is over and every fault has mended what it broke. */
async function breakThings(planned: PlannedFault[], scene: Scene): Promise<HappenedFault[]> {
  const { options, load } = scene
  const since = monotonicMs()
  const happened: HappenedFault[] = []
  const underWay: Promise<void>[] = []
  const progress = setInterval(() => {
    options.say(`${clock(since)} ${load.stories.length} payments, ${load.open} under way, ${happened.length} faults`)
  }, PROGRESS_MS)
  for (const fault of planned) {
    await sleep(Math.max(0, since + fault.atMs - monotonicMs()))
    underWay.push(carryOut(fault, scene, since).then((done) => void happened.push(done)))
  }
  await sleep(Math.max(0, since + options.minutes * 60_000 - monotonicMs()))
  await Promise.race([Promise.all(underWay), sleep(FAULTS_END_MS, undefined, { ref: false })])
  clearInterval(progress)
  return happened.sort((a, b) => a.from - b.from)
}

async function carryOut({ n, name }: PlannedFault, scene: Scene, since: number): Promise<HappenedFault> {
  const { options, world, takeovers, random } = scene
  const from = Date.now()
  if (DISTURB_TAKEOVERS.has(name)) takeovers.disturb()
  const detail = await FAULTS[name]({ world, takeovers, random: random.fork(`fault ${n}`) }).catch(
    (error: Error) => `could not: ${error.message.split('\n')[0]}`,
  )
  if (DISTURB_TAKEOVERS.has(name)) takeovers.disturb()
  options.say(`${clock(since)} ${name}: ${detail}`)
  return { name, detail, from, to: Date.now() }
}

function clock(since: number): string {
  const seconds = Math.round((monotonicMs() - since) / 1_000)
  return `${String(Math.floor(seconds / 60)).padStart(2, '0')}:${String(seconds % 60).padStart(2, '0')}`
}
