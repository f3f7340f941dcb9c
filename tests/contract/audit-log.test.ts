import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { type House, OPERATOR_TOKEN, openHouse, TEST_KEY } from './house.ts'

const test = suite('the audit log tells who changed what')

let house: House
test.before(async () => {
  house = await openHouse({ worker: false })
})
test.after(() => house?.close())

const OPERATOR = { authorization: `Bearer ${OPERATOR_TOKEN}` }
const log = async (query = '', headers?: Record<string, string> | null) => {
  const { status, body } = await house.call(
    'GET',
    `/api/v1/audit_log${query}`,
    headers === undefined ? {} : { headers },
  )
  assert.is(status, 200, JSON.stringify(body))
  return body
}

test('a change has a line with its author, its object, what was said and what was answered', async () => {
  const url = 'http://127.0.0.1:9/hooks'
  const { headers } = await house.call('PUT', '/api/v1/webhooks/config', { body: { webhook_url: url } })
  const { api_key: key } = (await house.call('POST', '/api/v1/api_keys', { body: { name: 'second' } })).body
  const [created, set] = (await log()).data
  assert.equal(
    [set.actor, set.action, set.changes, set.status, set.request_id],
    [TEST_KEY, 'webhook_config.set', { webhook_url: url }, 200, headers.get('x-request-id')],
  )
  assert.equal(
    [created.action, created.object_id, created.changes, created.status],
    ['api_key.create', key, { name: 'second' }, 201],
  )
  assert.ok(created.address)
})

test('what was refused stands there too, and no secret does', async () => {
  const password = 'correct horse battery staple'
  await house.call('PUT', '/api/v1/merchants/password', { body: { password } })
  const refused = await house.call('DELETE', '/api/v1/api_keys/key_test_nobody')
  const headers = { authorization: 'Basic cGFzc3dvcmQ=' }
  await house.call('POST', '/api/v1/webhook_endpoints', { body: { url: 'http://127.0.0.1:9/', headers } })
  const lines = await log()
  const of = (action: string) => lines.data.find((line: { action: string }) => line.action === action)
  assert.equal([refused.status, of('api_key.revoke').status, of('password.set').status], [404, 404, 204])
  assert.ok(of('webhook_endpoint.create'))
  for (const secret of [password, headers.authorization]) assert.not(JSON.stringify(lines).includes(secret))
})

test('a merchant sees its own, the operator everybody', async () => {
  const { body: other } = await house.call('POST', '/api/v1/merchants', {
    body: { name: 'Other', email: 'other@example.com' },
    headers: OPERATOR,
  })
  const theirs = await log('', { 'x-api-key': other.api_key, 'x-api-secret': other.api_secret })
  assert.equal(
    theirs.data.map(({ actor, action, object_id }: Record<string, string>) => [actor, action, object_id]),
    [['operator', 'merchant.create', other.id]],
  )
  const all = await log('?limit=100', OPERATOR)
  assert.ok(all.data.some(({ actor }: { actor: string }) => actor === TEST_KEY))
  const named = await log(`?merchant_id=${other.id}`, OPERATOR)
  assert.equal(named.data, theirs.data)
  const { status, body } = await house.call('GET', `/api/v1/audit_log?merchant_id=${other.id}`)
  assert.equal([status, body.error.code], [403, 'AUTHORIZATION_ERROR'])
})

test('lines can be chosen by action, object and time', async () => {
  assert.ok((await log('?action=api_key.create')).data.every(({ action }: { action: string }) => /create/.test(action)))
  assert.is((await log('?action=nothing')).total, 0)
  assert.is((await log('?to=2020-01-01')).total, 0)
  assert.is((await log('?object_id=key_test_nobody')).total, 1)
})

test('a change whose outcome nobody saw keeps its line, without one', async () => {
  const own = await openHouse({ worker: false })
  try {
    await own.database.run({ name: '', text: 'alter table audit_log add check (status is null)' }, [])
    const answer = await own.call('POST', '/api/v1/api_keys')
    assert.is(answer.status, 201, 'the change stands, and its caller hears of it')
    const [line] = (await own.call('GET', '/api/v1/audit_log')).body.data
    assert.equal([line.action, line.status], ['api_key.create', null])
  } finally {
    await own.close()
  }
})

test.run()
