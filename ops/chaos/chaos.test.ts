import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Answer } from '../../tests/contract/house.ts'
import { until } from '../../tests/contract/until.ts'
import { Fleet } from '../../tests/fleet/fleet.ts'

const test = suite('the chaos corner')

let fleet: Fleet
test.before(async () => {
  fleet = await Fleet.open({ settings: { DEMO: 'true' } })
})
test.after(() => fleet?.close())

const KEYS = { 'x-api-key': 'key_test_abc123', 'x-api-secret': 'secret_test_xyz789' }

async function call(method: string, path: string, body?: object): Promise<Pick<Answer, 'status' | 'body'>> {
  const headers = { ...KEYS, ...(body ? { 'content-type': 'application/json' } : {}) }
  const answer = await fetch(`${fleet.url}${path}`, {
    method,
    headers,
    ...(body ? { body: JSON.stringify(body) } : {}),
  })
  return { status: answer.status, body: await answer.json() }
}

const alive = async (): Promise<string[]> =>
  (await call('GET', '/api/v1/workers')).body.data
    .filter(({ status }: { status: string }) => status === 'running')
    .map(({ worker }: { worker: string }) => worker)

const statusOf = async (id: string) => (await call('GET', `/api/v1/payments/${id}`)).body.status
const pay = async (vpa: string) =>
  (await call('POST', '/api/v1/payments', { order_id: 'ord_test_001', method: 'upi', vpa })).body.id

test('while the bank is stopped a payment waits, and then it goes on by itself', async () => {
  assert.is((await call('POST', '/api/v1/chaos/stop-bank', { ms: 1500 })).body.workers_told, 2)
  const id = await pay('success.0s@sim')
  await until(async () => {
    const { data } = (await call('GET', `/api/v1/payments/${id}/timeline`)).body
    return data.some(({ detail }: { detail: { answer?: string } }) => detail.answer === 'silent')
  })
  assert.is(await statusOf(id), 'pending')
  await until(async () => (await statusOf(id)) === 'success')
})

test('a worker killed and Redis emptied with a payment in the bank’s delay: it ends all the same', async () => {
  const id = await pay('success.1s@sim')
  const [first] = await alive()
  assert.is((await call('POST', '/api/v1/chaos/kill-worker', { worker: first })).status, 200)
  assert.is((await call('POST', '/api/v1/chaos/flush-redis')).body.broken, 'emptied Redis')
  await until(async () => (await statusOf(id)) === 'success')
  assert.not((await alive()).includes(first as string))
})

test('a worker that stands still past its lease comes back under a new one', async () => {
  const [worker] = await alive()
  await call('POST', '/api/v1/chaos/pause-worker', { worker, ms: 7000 })
  await until(async () => !(await alive()).includes(worker as string))
  await until(async () => (await alive()).includes(worker as string))
})

test('what it does not know is refused by name', async () => {
  const { status, body } = await call('POST', '/api/v1/chaos/pause-worker', { worker: 'w', ms: 99_999 })
  assert.equal([status, body.error.field], [400, 'ms'])
})

test('after all that every promise holds, counted from both sides', async () => {
  const { invariants } = (await call('GET', '/api/v1/chaos/invariants')).body
  assert.is(invariants.length, 8)
  assert.equal(
    invariants.filter(({ holds }: { holds: boolean }) => !holds),
    [],
  )
  assert.ok(invariants[0].of >= 2)
})

test.run()
