import { randomUUID } from 'node:crypto'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Acceptance } from '../../actors/index.ts'
import { dropCommand } from '../../actors/inspection/drop.ts'
import type { Address } from '../../runtime/address.ts'
import { openRedis, type RedisConnection, ready } from '../../runtime/redis.ts'
import { type Ack, defineScripts, Partition } from '../../runtime/scripts.ts'
import { TEST_MERCHANT_ID } from '../../schema/seed.ts'
import { type House, OPERATOR_TOKEN, openHouse } from './house.ts'
import { until } from './until.ts'

const test = suite('inspection: why is it not moving?')

const OPERATOR = { authorization: `Bearer ${OPERATOR_TOKEN}` }
const LEASE = 'somebody-1-000000000000'
const MAX_FAILURES = 8

/** A gateway without a worker: the test itself plays one, so that an actor stays where it was put. */
let house: House
let redis: RedisConnection
let partition: Partition
let turn = 0
test.before(async () => {
  house = await openHouse({ worker: 'Redis alone' })
  redis = openRedis(house.redisUrl as string, 'commands')
  defineScripts(redis)
  await ready(redis)
  partition = new Partition(redis, '{0}:')
})
test.before.each(async () => {
  await redis.flushdb()
  turn = 0
})
test.after(async () => {
  redis?.disconnect()
  await house?.close()
})

/** One round of the worker that the test plays. */
async function round(want: number, acks: Ack[] = [], leaseMs = 60_000): Promise<string> {
  await partition.turn({
    lease: LEASE,
    turn: ++turn,
    leaseMs,
    alarms: 10,
    maxFailures: MAX_FAILURES,
    acks,
    want: { payment: want },
  })
  return `${LEASE}:${turn}`
}

async function pay(): Promise<{ id: string; address: Address }> {
  const body = { order_id: 'ord_test_001', method: 'upi', vpa: 'success@sim' }
  const { id } = (await house.call('POST', '/api/v1/payments', { body })).body
  const address = `1/payment/${id}` as Address
  await until(async () => (await redis.zscore('{0}:ready:payment', address)) !== null)
  return { id, address }
}

/** Fails the actor's turns until it is parked. */
async function park(address: Address): Promise<void> {
  for (let n = 0; n < MAX_FAILURES; n++) {
    await round(0, [ack(address, await round(1), { outcome: 'fail' })])
    await redis.zrem('{0}:rest', address)
    if (n < MAX_FAILURES - 1) await partition.nudge([{ address, inMs: 0 }])
  }
}

/** As the journal tells of a turn that failed. */
async function writeFailure(id: string, error: string): Promise<void> {
  const entry = { messages: [], worker: 'somebody', started: Date.now(), took: 1, error }
  await house.database.run({ name: '', text: 'insert into journal (actor_id, version, entry) values ($1, 1, $2)' }, [
    id,
    entry,
  ])
}

const inspect = async (id: string) =>
  (await house.call('GET', `/api/v1/actors/${encodeURIComponent(id)}`, { headers: OPERATOR })).body

const ack = (address: Address, token: string, how: Partial<Ack>): Ack => ({
  ...{ address, token, consumed: 1, outcome: 'ok', restMs: 0, nextMs: -1 },
  ...how,
})

test('ready, and how many are before it', async () => {
  const { id } = await pay()
  const second = await pay()
  assert.match((await inspect(id)).sentence, /^ready, position 1 of 2, waiting [\d.]+ s$/)
  const found = await inspect(second.address)
  assert.match(found.sentence, /^ready, position 2 of 2/)
  assert.equal([found.redis.state, found.redis.depth, found.postgres.timers.length], ['ready', 1, 2])
})

test('claimed, by whom and for how long, also when that one is dead', async () => {
  const { id } = await pay()
  await round(1)
  assert.match((await inspect(id)).sentence, new RegExp(`^claimed by worker ${LEASE}, lease (60.0|59.\\d) s left$`))
  await round(0, [], 1)
  await until(async () =>
    /whose lease ended .* ago: the next turn of any worker frees it$/.test((await inspect(id)).sentence),
  )
})

test('resting, and after which failures', async () => {
  const { id, address } = await pay()
  await round(0, [ack(address, await round(1), { outcome: 'rest', restMs: 30_000 })])
  assert.match((await inspect(id)).sentence, /^resting for another (30.0|29.\d) s$/)
  await redis.zadd('{0}:rest', 1, address)
  for (let n = 0; n < 2; n++) await round(0, [ack(address, await round(1), { outcome: 'fail' })])
  await writeFailure(id, 'process: the table is missing')
  const sentence = /^resting for another 0.\d s after 2 failures in a row, last error: process: the table is missing$/
  assert.match((await inspect(id)).sentence, sentence)
})

test('parked, why, and when it is tried again; an operator may retry, and may not drop what a payment still owes', async () => {
  const { id, address } = await pay()
  await park(address)
  assert.match((await inspect(id)).sentence, /^parked after 8 failures; tried again in \d+\.\d s$/)
  await writeFailure(id, 'announce: no such column')
  assert.match((await inspect(id)).sentence, /^parked after 8 failures, last error: announce: no such column; tried/)
  const unpark = (action: string) =>
    house.call('POST', `/api/v1/actors/${id}/unpark`, { body: { action, reason: 'a test' }, headers: OPERATOR })
  const refused = await unpark('drop')
  assert.equal([refused.status, refused.body.error.code], [409, 'CONFLICT_ERROR'])
  assert.match(refused.body.error.description, /the timer announce, which the actor still owes/)
  assert.match((await inspect(id)).sentence, /^parked/)
  assert.equal((await unpark('retry')).body, { address, unparked: true })
  assert.is((await unpark('retry')).status, 409)
  assert.match((await inspect(id)).sentence, /^ready, position 1 of 1/)
})

test('a parked command is dropped with a reason, which the audit log keeps, and its actor goes on', async () => {
  const { id, address } = await pay()
  await house.database.run({ name: '', text: "update payments set timers = '{}', wake_at = null where id = $1" }, [id])
  const poison = { commandId: randomUUID(), name: 'nonsense', body: {}, replyTo: null, objectId: id }
  const actor = { actorId: id, kind: 'payment' as const, merchantId: TEST_MERCHANT_ID, tenant: '1' }
  await new Acceptance(house.database).command({ ...actor, ...poison }, null)
  await park(address)
  const body = { action: 'drop', reason: 'sent by mistake' }
  const { body: dropped } = await house.call('POST', `/api/v1/actors/${id}/unpark`, { body, headers: OPERATOR })
  assert.equal(dropped, { address, unparked: true, dropped: { seq: 1, name: 'nonsense' } })
  const found = await inspect(id)
  assert.equal([found.redis.state, found.redis.failures], ['ready', 0])
  assert.equal(found.postgres.commands[0].name, 'dropped')
  const { data } = (await house.call('GET', '/api/v1/audit_log', { headers: OPERATOR })).body
  const [line] = data.filter((one: { object_id: string }) => one.object_id === id)
  assert.equal([line.action, line.actor, line.changes, line.status], ['actor.unpark', 'operator', body, 200])
})

test('idle, until its next timer or for good', async () => {
  const { id } = await pay()
  const set = (timers: object, wakeAt: string) =>
    house.database.run({ name: '', text: `update payments set timers = $2, wake_at = ${wakeAt} where id = $1` }, [
      id,
      timers,
    ])
  await redis.flushdb()
  await set({ inquire: Date.now() + 20_000 }, "now() + interval '20 seconds'")
  assert.match((await inspect(id)).sentence, /^idle, next timer inquire in (20.0|19.\d) s$/)
  await set({}, 'null')
  assert.is((await inspect(id)).sentence, 'idle, and nothing is due: it has come to its end')
})

test('overdue and unknown to Redis: the sentence says nudge, and a nudge makes it ready', async () => {
  const { id } = await pay()
  await redis.flushdb()
  assert.match((await inspect(id)).sentence, /^overdue in Postgres for [\d.]+ s and unknown to Redis: nudge it$/)
  const nudge = () => house.call('POST', `/api/v1/actors/${id}/nudge`, { headers: OPERATOR })
  assert.is((await nudge()).body.nudged, true)
  assert.match((await inspect(id)).sentence, /^ready/)
  assert.is((await nudge()).body.nudged, false)
})

test('Redis away: what Postgres knows, and that nothing is to be done', async () => {
  const alone = await openHouse({ worker: false })
  try {
    const body = { order_id: 'ord_test_001', method: 'upi', vpa: 'success@sim' }
    const { id } = (await alone.call('POST', '/api/v1/payments', { body })).body
    const found = (await alone.call('GET', `/api/v1/actors/${id}`, { headers: OPERATOR })).body
    const sentence = /^Redis does not answer, owed a turn for [\d.]+ s: it goes on by itself once Redis is back$/
    assert.match(found.sentence, sentence)
    assert.equal([found.redis, found.postgres.timers.length], [null, 2])
    for (const path of ['actors', 'workers']) {
      const refused = await alone.call('GET', `/api/v1/${path}`, { headers: OPERATOR })
      assert.equal([refused.status, refused.headers.get('retry-after')], [503, '2'], path)
    }
  } finally {
    await alone.close()
  }
})

test('workers by their leases: what each has in hand, and who stopped', async () => {
  await pay()
  await round(1)
  const workers = async () => (await house.call('GET', '/api/v1/workers', { headers: OPERATOR })).body.data
  const [{ lease_left_ms: leftMs, ...worker }] = await workers()
  assert.equal(worker, { worker: 'somebody-1', status: 'running', last_turn: 1, claims: 1, partitions: 1 })
  assert.ok(leftMs > 50_000 && leftMs <= 60_000)
  await redis.zadd('{0}:leases', 1, LEASE)
  assert.is((await workers())[0].status, 'stopped')
})

test('the overview tells workers, the truth gap and where everybody is', async () => {
  const { address } = await pay()
  await round(1)
  const overview = async () => (await house.call('GET', '/api/v1/actors', { headers: OPERATOR })).body
  const { running, workers, ready } = await overview()
  assert.equal([running, ready, workers.length, workers[0].claims, workers[0].status], [1, 0, 1, 1, 'running'])
  await redis.flushdb()
  await house.database.run(
    { name: '', text: "update payments set wake_at = now() - interval '1 minute' where wake_at is not null" },
    [],
  )
  const lost = (await overview()).truth_gap
  assert.ok(lost.unknown >= 1 && lost.overdue === lost.unknown && lost.oldest_ms > 50_000, JSON.stringify(lost))
  await house.call('POST', `/api/v1/actors/${encodeURIComponent(address)}/nudge`, { headers: OPERATOR })
  assert.is((await overview()).truth_gap.unknown, lost.unknown - 1)
})

test('a merchant is refused, and an id of nobody is not found', async () => {
  const { id } = await pay()
  for (const path of ['actors', `actors/${id}`, 'workers']) {
    assert.is((await house.call('GET', `/api/v1/${path}`)).status, 403, path)
    assert.is((await house.call('GET', `/api/v1/${path}`, { headers: null })).status, 401, path)
  }
  for (const [path, body] of [
    ['nudge', {}],
    ['unpark', { action: 'retry', reason: 'mine' }],
  ] as const) {
    assert.is((await house.call('POST', `/api/v1/actors/${id}/${path}`, { body })).status, 403, path)
    assert.is((await house.call('POST', `/api/v1/actors/${id}/${path}`, { body, headers: null })).status, 401, path)
  }
  for (const nobody of [
    'pay_0000000000000000',
    'nonsense',
    '550e8400-e29b-41d4-a716-446655440001',
    '1/payment/pay_x',
  ]) {
    const { status } = await house.call('GET', `/api/v1/actors/${encodeURIComponent(nobody)}`, { headers: OPERATOR })
    assert.is(status, 404, nobody)
  }
})

test('a command that was dropped is set aside by its actor, with the reason in its journal and for whoever waits', async () => {
  const working = await openHouse({ worker: true })
  try {
    const body = { order_id: 'ord_test_001', method: 'upi', vpa: 'success@sim' }
    const { id } = (await working.call('POST', '/api/v1/payments', { body })).body
    const poison = { commandId: randomUUID(), name: 'nonsense', body: {}, replyTo: null, objectId: id }
    const actor = { actorId: id, kind: 'payment' as const, merchantId: TEST_MERCHANT_ID, tenant: '1' }
    await new Acceptance(working.database).command({ ...actor, ...poison }, null)
    assert.ok(await dropCommand(working.database, id, 1, { name: 'nonsense', reason: 'nobody knows it' }))
    working.runtime.send([`1/payment/${id}`])
    const answer = (await working.runtime.ask(`1/payment/${id}`, 1, 10_000)) as {
      status: number
      body: { error: object }
    }
    assert.is(answer.status, 409)
    assert.match(JSON.stringify(answer.body), /dropped this command: nobody knows it/)
    const { postgres } = (await working.call('GET', `/api/v1/actors/${id}`, { headers: OPERATOR })).body
    const [note] = postgres.journal.flatMap((entry: { notes?: object[] }) => entry.notes ?? []).filter(isOperators)
    assert.equal(note.detail, { name: 'nonsense', reason: 'nobody knows it' })
    assert.not(await dropCommand(working.database, id, 1, { name: 'nonsense', reason: 'again' }), 'it was handled')
  } finally {
    await working.close()
  }
})

const isOperators = ({ kind }: { kind?: string }) => kind === 'operator'

test.run()
