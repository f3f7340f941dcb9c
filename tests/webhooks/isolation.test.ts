import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { until } from '../contract/until.ts'
import { Fleet } from '../fleet/fleet.ts'
import { isFull } from './full.ts'
import { Hooks } from './hooks.ts'

const test = suite('a healthy endpoint beside one that hangs and one that fails')

const PAYMENTS = isFull ? 334 : 60
/** Three events a payment. */
const EVENTS = PAYMENTS * 3
const EVERY_MS = 25
/** Calls to an endpoint that does not answer. */
const AT_ONCE = 20
const TIMES = 1.5
/** Whatever else the machine does in a moment counts as well, so the best of three pairs counts, and none in npm test. */
const TRIES = isFull ? 3 : 1

let fleet: Fleet
let hooks: Hooks
test.before(async () => {
  hooks = await Hooks.open()
  fleet = await Fleet.open()
})
test.after(async () => {
  await fleet?.close()
  await hooks?.close()
})

let paths = 0
/** Its path and id; null: it never answers. */
async function endpoint(status: number | null): Promise<{ path: string; id: string }> {
  const path = `/${paths++}`
  const url = hooks.at(path, () => (status === null ? 'never' : { status }))
  const { body } = await fleet.merchant.call('POST', '/api/v1/webhook_endpoints', { body: { url } })
  return { path, id: body.id }
}

/** Payments at an even pace; answers how long the slowest hundredth of their events took to this path, ms. */
async function p99(path: string): Promise<number> {
  const accepted: Promise<unknown>[] = []
  for (let n = 0; n < PAYMENTS; n++) {
    accepted.push(fleet.merchant.pay())
    await new Promise((resolve) => setTimeout(resolve, EVERY_MS))
  }
  await Promise.all(accepted)
  await until(() => hooks.of(path).length >= EVENTS, 60_000)
  const events = await fleet.rows<{ id: string; at: number }>(
    'select id, (extract(epoch from created_at) * 1000)::float8 as at from events',
  )
  const bornAt = new Map(events.map(({ id, at }) => [id, at]))
  const delays = hooks.of(path).map(({ id, atMs }) => performance.timeOrigin + atMs - (bornAt.get(id) as number))
  return delays.sort((a, b) => a - b)[Math.floor(delays.length * 0.99)] as number
}

const PROMISE = isFull ? `has a p99 delay within ${TIMES} times of what it has alone` : 'gets all of its own'

test(`${PROMISE}, with ${EVENTS} events to each`, async () => {
  const measured: string[] = []
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const first = await endpoint(200)
    const alone = await p99(first.path)
    await fleet.merchant.call('DELETE', `/api/v1/webhook_endpoints/${first.id}`)
    const [hangs, fails, healthy] = [await endpoint(null), await endpoint(500), await endpoint(200)]
    const beside = await p99(healthy.path)
    // A call that was given up is closed here a moment after the next has come.
    const atOnce = hooks.atOnce.get(hangs.path) as number
    assert.ok(atOnce <= AT_ONCE + 5, `the one that hangs has ${atOnce} calls at once`)
    const turns = await fleet.number(
      `select count(*)::int as n from journal j join webhook_deliveries d on d.id::text = j.actor_id where d.endpoint_id = any ($1)`,
      [[hangs.id, fails.id]],
    )
    assert.ok(turns < 2 * (2 * EVENTS), `${turns} turns for ${2 * EVENTS} deliveries: they look again and again`)
    for (const { id } of [hangs, fails, healthy]) await fleet.merchant.call('DELETE', `/api/v1/webhook_endpoints/${id}`)
    measured.push(`p99: ${Math.round(beside)} ms beside them, ${Math.round(alone)} ms alone`)
    console.log(measured.at(-1))
    if (beside <= TIMES * alone || !isFull) return
  }
  assert.unreachable(measured.join('; '))
})

test.run()
