import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { type House, OPERATOR_TOKEN, openHouse } from './house.ts'
import { until } from './until.ts'

const test = suite('the last turns')

let house: House
test.before(async () => {
  house = await openHouse({ worker: true })
  await until(async () => (await house.call('GET', '/health')).status === 200)
})
test.after(() => house?.close())

const operator = { headers: { authorization: `Bearer ${OPERATOR_TOKEN}` } }

test('a payment that was decided shows up as turns, the newest first', async () => {
  const body = { order_id: 'ord_test_001', method: 'upi', vpa: 'success@sim' }
  const { id } = (await house.call('POST', '/api/v1/payments', { body })).body
  await until(async () => (await house.call('GET', `/api/v1/payments/${id}`)).body.status === 'success')
  const { data } = (await house.call('GET', '/api/v1/jobs', operator)).body
  const turns = data.filter((job: { actor_id: string }) => job.actor_id === id)
  assert.equal(turns.at(0).changed, { status: 'success' })
  assert.ok(
    turns.some(({ messages }: { messages: { name: string }[] }) => messages.some(({ name }) => name === 'process')),
  )
  const times = data.map(({ at }: { at: string }) => at)
  assert.equal(times, times.toSorted().toReversed())
})

test('they are the operator’s alone', async () => {
  assert.is((await house.call('GET', '/api/v1/jobs')).status, 403)
  assert.is((await house.call('GET', '/api/v1/jobs', { headers: null })).status, 401)
})

test('a limit bounds them, and only what failed can be asked for', async () => {
  assert.is((await house.call('GET', '/api/v1/jobs?limit=1', operator)).body.data.length, 1)
  assert.equal((await house.call('GET', '/api/v1/jobs?failed=true', operator)).body.data, [])
  assert.is((await house.call('GET', '/api/v1/jobs?limit=51', operator)).status, 400)
})

test('the end of the journal is found by an index', async () => {
  const plan = await house.database.run<Record<string, string>>(
    {
      name: '',
      text: "explain select 1 from journal where at > now() - interval '5 minutes' order by at desc limit 50",
    },
    [],
  )
  assert.not.match(plan.map((row) => row['QUERY PLAN']).join('\n'), 'Seq Scan on journal_2')
})

test.run()
