import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { until } from '../contract/until.ts'
import { Fleet } from '../fleet/fleet.ts'
import { isFull } from './full.ts'
import { type Hook, Hooks } from './hooks.ts'

const test = suite('order by choice')

const KILLS = isFull ? 20 : 4
const PAYMENTS_A_KILL = 6
/** Every third first attempt fails, so that what waits for it waits long enough to be killed while it does. */
const FAILS_FIRST = 3

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

interface Told {
  payment: string
  sequence: number
  accepted: boolean
}

const read = ({ text }: Hook) => {
  const { data, sequence } = JSON.parse(text)
  return { payment: data.payment.id as string, sequence: sequence as number }
}

test(`an event comes only after the one before it was taken, through ${KILLS} kills of a worker`, async () => {
  const told: Told[] = []
  const seen = new Set<string>()
  let events = 0
  const url = hooks.at('/ordered', (hook) => {
    const isFirst = !seen.has(hook.id)
    seen.add(hook.id)
    const accepted = !(isFirst && events++ % FAILS_FIRST === 0)
    told.push({ ...read(hook), accepted })
    return { status: accepted ? 200 : 500 }
  })
  const body = { url, ordered: true, retry_intervals: Array(20).fill(1) }
  await fleet.merchant.call('POST', '/api/v1/webhook_endpoints', { body })

  let starting: Promise<unknown> = fleet.startWorker()
  for (let kill = 0; kill < KILLS; kill++) {
    await Promise.all(Array.from({ length: PAYMENTS_A_KILL }, () => fleet.merchant.pay()))
    const before = told.length
    await until(async () => told.length > before)
    const [oldest] = fleet.workers.splice(0, 1)
    await oldest?.kill()
    await starting
    starting = fleet.startWorker()
  }
  await starting
  const open = () => fleet.number(`select count(*)::int as n from webhook_deliveries where status <> 'success'`)
  const expected = KILLS * PAYMENTS_A_KILL * 3
  const delivered = () => fleet.number(`select count(*)::int as n from webhook_deliveries`)
  await until(async () => (await delivered()) === expected && (await open()) === 0, 60_000)

  const taken = new Map<string, number>()
  for (const { payment, sequence, accepted } of told) {
    const upTo = taken.get(payment) ?? 0
    assert.ok(sequence <= upTo + 1, `${payment}: event ${sequence} came when only ${upTo} had been taken`)
    if (accepted) taken.set(payment, Math.max(upTo, sequence))
  }
  assert.is(taken.size, KILLS * PAYMENTS_A_KILL)
  assert.ok([...taken.values()].every((sequence) => sequence === 3))
})

test.run()
