import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { newUuidV7 } from '../../schema/ids.ts'
import { Hooks, type Reply } from '../webhooks/hooks.ts'
import { type House, openHouse } from './house.ts'
import { until } from './until.ts'

const test = suite('webhook replays')

const PATH = '/api/v1/webhook_replays'
const ENDPOINTS = '/api/v1/webhook_endpoints'
let house: House
let hooks: Hooks
let reply: Reply
test.before(async () => {
  hooks = await Hooks.open()
  house = await openHouse({ worker: true })
})
test.after(async () => {
  await house?.close()
  await hooks?.close()
})
test.before.each(async () => {
  await house.database.kysely.deleteFrom('webhook_endpoints').execute()
  await house.database.run({ name: '', text: 'truncate webhook_deliveries, events, payments' }, [])
  hooks.received.length = 0
  reply = { status: 500 }
})

const replay = async (body: object, headers = {}) => await house.call('POST', PATH, { body, headers })
const endpoint = async (path: string, body: object = {}): Promise<string> =>
  (
    await house.call('POST', ENDPOINTS, {
      body: { url: hooks.at(path, () => reply), events: ['payment.*'], retry_intervals: [], ...body },
    })
  ).body.id
const pay = async (count = 1): Promise<void> => {
  const body = { order_id: 'ord_test_001', method: 'upi', vpa: 'success@sim' }
  await Promise.all(Array.from({ length: count }, () => house.call('POST', '/api/v1/payments', { body })))
}
const count = async (query: string): Promise<number> =>
  (await house.call('GET', `/api/v1/webhooks?${query}`)).body.total
const ended = async (id: string) => {
  await until(async () => {
    const { status, pending } = (await house.call('GET', `${PATH}/${id}`)).body
    return status !== 'running' && pending === 0
  })
  return (await house.call('GET', `${PATH}/${id}`)).body
}
const from = '2020-01-01'

test('all that failed in a period is sent again, and its progress and outcome are told', async () => {
  const id = await endpoint('/failed')
  await pay(4)
  await until(async () => (await count(`endpoint_id=${id}&status=failed`)) === 12)
  reply = { status: 200 }
  const { status, body } = await replay({ source: 'failed', from, rate: 1_000 })
  assert.is(status, 201)
  assert.match(body.id, /^rpl_[A-Za-z0-9]{16}$/)
  assert.equal([body.status, body.total, body.replayed, body.ended_at], ['running', 12, 0, null])
  const { created_at: _, ended_at, ...end } = await ended(body.id)
  assert.ok(ended_at)
  const { from: since, to: until_ } = body
  assert.equal(end, {
    ...{ id: body.id, source: 'failed', endpoint_id: null, from: since, to: until_, rate: 1_000, status: 'completed' },
    ...{ total: 12, replayed: 12, pending: 0, delivered: 12, failed: 0 },
  })
  assert.is(hooks.of('/failed').length, 24)
  assert.is(new Set(hooks.received.map((hook) => hook.id)).size, 12, 'the same event ids')
  assert.is((await house.call('GET', PATH)).body.data[0].delivered, 12)
})

test('of one endpoint alone, and of a period alone', async () => {
  const [one] = [await endpoint('/one'), await endpoint('/two')]
  await pay()
  await until(async () => (await count('status=failed')) === 6)
  reply = { status: 200 }
  const early = (await replay({ source: 'failed', from, to: '2020-02-01' })).body
  assert.equal([early.total, (await ended(early.id)).replayed], [0, 0])
  const { body } = await replay({ source: 'failed', from, endpoint_id: one })
  assert.is((await ended(body.id)).delivered, 3)
  assert.equal([hooks.of('/one').length, hooks.of('/two').length], [6, 3])
})

test('a selection is sent again whatever became of it, one or many', async () => {
  reply = { status: 200 }
  const id = await endpoint('/selected')
  await pay(2)
  await until(async () => (await count(`endpoint_id=${id}&status=success`)) === 6)
  const ids = (await house.call('GET', '/api/v1/webhooks')).body.data.map((row: { id: string }) => row.id)
  const { body } = await replay({ source: 'selected', webhook_ids: [ids[0], ids[1], ids[0]] })
  assert.is(body.total, 2)
  assert.is((await ended(body.id)).delivered, 2)
  assert.is(hooks.received.length, 8)
})

test('what an endpoint never got is delivered to it, and only what it wants', async () => {
  reply = { status: 200 }
  await endpoint('/early')
  await pay(2)
  await until(async () => (await count('status=success')) === 6)
  const late = await endpoint('/late', { events: ['payment.success', 'refund.*'] })
  const { body } = await replay({ source: 'missing', endpoint_id: late, from, rate: 500 })
  assert.is(body.total, null)
  const { replayed, delivered } = await ended(body.id)
  assert.equal([replayed, delivered], [2, 2])
  assert.equal(
    hooks.of('/late').map(({ event }) => event),
    ['payment.success', 'payment.success'],
  )
  assert.is((await ended((await replay({ source: 'missing', endpoint_id: late, from })).body.id)).replayed, 0)
})

test('a rate spares the receiver, and a replay can be stopped', async () => {
  await endpoint('/slowly')
  await pay(4)
  await until(async () => (await count('status=failed')) === 12)
  const { body } = await replay({ source: 'failed', from, rate: 1 })
  await until(async () => (await house.call('GET', `${PATH}/${body.id}`)).body.replayed > 0)
  const second = (await replay({ source: 'failed', from })).body
  await ended(second.id)
  const stopped = await house.call('POST', `${PATH}/${body.id}/cancel`)
  assert.equal([stopped.status, stopped.body.status], [200, 'canceled'])
  const end = (await house.call('GET', `${PATH}/${body.id}`)).body
  assert.ok(end.status === 'canceled' && end.replayed < 12, `${end.replayed} were replayed`)
  assert.is((await house.call('POST', `${PATH}/${second.id}/cancel`)).body.status, 'completed')
})

test('two replays cannot fill one endpoint’s gaps at a time', async () => {
  const id = await endpoint('/gaps')
  const other = await endpoint('/other')
  await pay(3)
  await until(async () => (await count('status=failed')) === 18)
  await house.database.run({ name: '', text: 'delete from webhook_deliveries where endpoint_id = $1' }, [id])
  const missing = { source: 'missing', endpoint_id: id, from, rate: 1 }
  assert.is((await replay(missing)).status, 201)
  const refused = await replay(missing)
  assert.equal([refused.status, refused.body.error.code], [409, 'CONFLICT_ERROR'])
  assert.is((await replay({ ...missing, endpoint_id: other })).status, 201)
})

test('what is asked for wrongly is refused with its field, and starts nothing', async () => {
  const before = await house.count('webhook_replays')
  const table: [object, number, string][] = [
    [{}, 400, 'source'],
    [{ source: 'all' }, 400, 'source'],
    [{ source: 'failed' }, 400, 'from'],
    [{ source: 'failed', from: 'yesterday' }, 400, 'from'],
    [{ source: 'failed', from, to: '2019-01-01' }, 400, 'from'],
    [{ source: 'failed', from, rate: 0 }, 400, 'rate'],
    [{ source: 'missing', from }, 400, 'endpoint_id'],
    [{ source: 'selected', webhook_ids: [] }, 400, 'webhook_ids'],
    [{ source: 'selected', webhook_ids: [newUuidV7()] }, 404, 'webhook_ids'],
    [{ source: 'selected', webhook_ids: ['nonsense'] }, 404, 'webhook_ids'],
  ]
  for (const [body, status, field] of table) {
    const answer = await replay(body)
    assert.equal([answer.status, answer.body.error?.field], [status, field], JSON.stringify(body))
  }
  const unknown = await replay({ source: 'failed', from, endpoint_id: 'whe_nobody' })
  assert.equal([unknown.status, unknown.body.error.code], [404, 'NOT_FOUND_ERROR'])
  assert.is((await house.call('GET', `${PATH}/rpl_nobody`)).status, 404)
  assert.is((await house.call('POST', `${PATH}/rpl_nobody/cancel`)).status, 404)
  assert.is(await house.count('webhook_replays'), before)
})

test('under one key one replay is started', async () => {
  await endpoint('/once')
  const answers = await Promise.all(
    [1, 2, 3].map(() => replay({ source: 'failed', from }, { 'idempotency-key': 'once' })),
  )
  assert.is(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size, 1)
})

test.run()
