import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { TEST_MERCHANT_ID } from '../../schema/seed.ts'
import { until } from '../contract/until.ts'
import { Fleet } from '../fleet/fleet.ts'
import { isFull } from './full.ts'
import { Hooks } from './hooks.ts'

const test = suite('a replay of thousands')

const DELIVERIES = isFull ? 10_000 : 2_000

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

/** That many events whose delivery to the endpoint was given up, a day ago. */
async function failedDeliveries(endpointId: string): Promise<void> {
  await fleet.rows(
    `with e as (
      insert into events (id, merchant_id, payment_id, sequence, type, payload, created_at)
      select 'evt_' || lpad(n::text, 16, '0'), $1::uuid, 'pay_' || lpad(n::text, 16, '0'), 1, 'payment.success',
        json_build_object('event', 'payment.success', 'n', n)::text, now() - interval '1 day' + n * interval '1 ms'
      from generate_series(1, $3::int) n returning *
    )
    insert into webhook_deliveries (id, merchant_id, endpoint_id, event_id, event_at, type, payment_id, sequence, status, attempts, created_at)
    select new_uuid_v7(), merchant_id, $2, id, created_at, type, payment_id, sequence, 'failed', 5, created_at from e`,
    [TEST_MERCHANT_ID, endpointId, DELIVERIES],
  )
}

test('failed deliveries, killed half-way, finishes after a restart and hands out none twice', async () => {
  const url = hooks.at('/replayed', () => ({ status: 200 }))
  const { body: endpoint } = await fleet.merchant.call('POST', '/api/v1/webhook_endpoints', { body: { url } })
  await failedDeliveries(endpoint.id)
  const request = { source: 'failed', from: '2020-01-01', rate: 1_000 }
  const { body: replay } = await fleet.merchant.call('POST', '/api/v1/webhook_replays', { body: request })
  assert.is(replay.total, DELIVERIES)
  const shown = async () => (await fleet.merchant.call('GET', `/api/v1/webhook_replays/${replay.id}`)).body
  await until(async () => (await shown()).replayed >= DELIVERIES / 2, 60_000)
  await fleet.killWorkers()
  const { status, replayed } = await shown()
  assert.ok(status === 'running' && replayed < DELIVERIES, `it was killed at ${replayed}`)

  await Promise.all([fleet.startWorker(), fleet.startWorker()])
  await until(async () => (await shown()).delivered === DELIVERIES, 90_000)
  const end = await shown()
  assert.equal([end.status, end.replayed, end.pending, end.failed], ['completed', DELIVERIES, 0, 0])

  const commands = await fleet.rows<{ n: number; deliveries: number }>(
    `select count(*)::int as n, count(distinct actor_id)::int as deliveries from inbox where command = 'replay'`,
  )
  assert.equal(commands, [{ n: DELIVERIES, deliveries: DELIVERIES }])
  // An attempt is written once it has ended: one that was under way when its worker was killed is the only reason to call again.
  const attempts = await fleet.number('select count(*)::int as n from webhook_attempts')
  assert.is(attempts, DELIVERIES)
  const calls = hooks.of('/replayed')
  assert.is(new Set(calls.map(({ id }) => id)).size, DELIVERIES)
  assert.ok(calls.length - DELIVERIES < 1_024, `${calls.length - DELIVERIES} calls more than deliveries`)
})

test.run()
