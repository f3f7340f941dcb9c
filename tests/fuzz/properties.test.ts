/**
 * Any list of moves, with Postgres in the loop. More of them, for whoever has changed a script or a statement:
 *
 *   PROPERTY_RUNS=2000 npm test -- fuzz/properties
 */
import fc from 'fast-check'
import type { Redis } from 'ioredis'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { openRedis, ready } from '../../runtime/redis.ts'
import { defineScripts } from '../../runtime/scripts.ts'
import { textUnderTest } from '../../runtime/testing/under-test.ts'
import { freshRedis } from '../support/index.ts'
import { openTruth } from '../support/truth.ts'
import { type Move, Player } from './player.ts'

const properties = suite('scripts and commits together')
const RUNS = Number(process.env.PROPERTY_RUNS ?? 150)
const WORKERS = 2
const ACTORS = 3

const { url, drop } = await freshRedis()
const redis = openRedis(url, 'commands') as Redis
await ready(redis)
defineScripts(redis, textUnderTest)
const truth = await openTruth()

properties.after(async () => {
  redis.disconnect()
  await Promise.all([drop(), truth.close()])
})

const who = fc.nat(WORKERS - 1)
const moves = <Name extends Move['move']>(move: Name, rest: Record<string, fc.Arbitrary<unknown>>) =>
  fc.record({ move: fc.constant(move), ...rest }) as fc.Arbitrary<Move>

/** What happens on a good day: answers are lost on the wire, actors rest and fail, and nothing else goes wrong. */
const CALM = [
  { weight: 5, arbitrary: moves('command', { actor: fc.nat(ACTORS - 1), lost: fc.constant(false) }) },
  { weight: 5, arbitrary: moves('turn', { who, want: fc.nat(3), again: fc.boolean() }) },
  { weight: 4, arbitrary: moves('load', { who }) },
  {
    weight: 4,
    arbitrary: moves('commit', {
      who,
      most: fc.integer({ min: 1, max: 3 }),
      acked: fc.constantFrom('ok', 'ok', 'rest', 'fail'),
    }),
  },
  { weight: 1, arbitrary: moves('late copy', { who }) },
]

const FAULTS = [
  ...CALM,
  { weight: 1, arbitrary: moves('command', { actor: fc.nat(ACTORS - 1), lost: fc.constant(true) }) },
  { weight: 2, arbitrary: moves('lease ends', { who }) },
  { weight: 1, arbitrary: moves('death', { who, told: fc.boolean() }) },
  { weight: 1, arbitrary: moves('flush', {}) },
  { weight: 2, arbitrary: moves('sweep', {}) },
]

/** Plays any list of such moves to its end. Answers how many commits were fenced, all told. */
async function always(
  kinds: fc.WeightedArbitrary<Move>[],
  check: (player: Player) => void,
  sweeps: boolean,
): Promise<number> {
  let fenced = 0
  const property = fc.asyncProperty(fc.array(fc.oneof(...kinds), { maxLength: 60, size: 'max' }), async (list) => {
    const player = await Player.open(redis, truth, { workers: WORKERS, actors: ACTORS })
    for (const move of list) await player.play(move)
    await player.end({ sweeps })
    fenced += player.fenced
    assert.equal(player.broken, [])
    check(player)
  })
  await fc.assert(property, { numRuns: RUNS, endOnFailure: false })
  return fenced
}

properties('calm: every command is handled once and in order, nobody is had twice, and no sweep helps', async () => {
  await always(CALM, ({ fenced }) => assert.is(fenced, 0), false)
})

properties(
  'faults: whoever dies, sleeps, or is forgotten by Redis, every command is handled once and in order',
  async () => {
    assert.ok((await always(FAULTS, () => {}, true)) > 0, 'some commits were fenced')
  },
)

properties.run()
