import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { bodySignature, standardSignature } from '../../actors/index.ts'
import { type Hook, Hooks } from '../webhooks/hooks.ts'
import { type House, openHouse } from './house.ts'
import { until } from './until.ts'

const test = suite('the explainer and the gauntlet')

const ENDPOINTS = '/api/v1/webhook_endpoints'
let house: House
let hooks: Hooks
test.before(async () => {
  hooks = await Hooks.open()
  house = await openHouse({ worker: true })
})
test.after(async () => {
  await house?.close()
  await hooks?.close()
})

const endpoint = async (path: string, answer: Parameters<Hooks['at']>[1] = () => ({ status: 200 })) =>
  (await house.call('POST', ENDPOINTS, { body: { url: hooks.at(path, answer) } })).body
const explain = async (body: object) => (await house.call('POST', '/api/v1/webhooks/explain', { body })).body

async function received(path: string, id: string): Promise<Hook> {
  await house.call('POST', `${ENDPOINTS}/${id}/test`)
  await until(() => hooks.of(path).length > 0)
  return hooks.of(path).at(-1) as Hook
}

test('a webhook as it came verifies; one that was parsed and printed is explained, and shown beside what was sent', async () => {
  const { id, secret } = await endpoint('/explained')
  const { text, headers } = await received('/explained', id)
  const told = await explain({ payload: text, headers, secret })
  assert.equal([told.verified, told.difference], [true, null])
  const pretty = await explain({ payload: JSON.stringify(JSON.parse(text), null, 2), headers, secret })
  assert.is(pretty.verified, false)
  assert.equal(
    pretty.signatures.map(({ mutations }: { mutations: string[] }) => mutations),
    [['reserialized_body'], ['reserialized_body']],
  )
  assert.is(pretty.difference.at, 1)
})

test("the secret before a rotation and another endpoint's are told by their names", async () => {
  const [first, second] = [await endpoint('/first'), await endpoint('/second')]
  const { text, headers } = await received('/first', first.id)
  const other = await explain({ payload: text, headers, secret: second.secret })
  assert.equal(other.signatures[0].mutations, ['other_endpoint_secret'])
  assert.is(other.signatures[0].signed_by, first.id)
  await house.call('POST', `${ENDPOINTS}/${first.id}/secret/regenerate`)
  const { secret } = (await house.call('GET', `${ENDPOINTS}/${first.id}`)).body
  const old = await explain({ payload: text, headers, secret })
  assert.equal(old.signatures[0].mutations, ['old_secret'])
})

test('a request that lacks something is refused by its field', async () => {
  const whole = { payload: '{}', headers: {}, secret: 'whsec_x' }
  for (const field of ['payload', 'headers', 'secret']) {
    const { status, body } = await house.call('POST', '/api/v1/webhooks/explain', {
      body: { ...whole, [field]: undefined },
    })
    assert.equal([status, body.error.field], [400, field])
  }
  const long = await house.call('POST', '/api/v1/webhooks/explain', { body: { ...whole, payload: 'x'.repeat(65_537) } })
  assert.is(long.status, 400)
  assert.match((await explain(whole)).summary, 'There is no signature')
})

test('the gauntlet praises a receiver that checks and tells one that does not what to do', async () => {
  const secrets = new Map<string, string>()
  const strict = await endpoint('/strict', ({ text, headers }) => {
    const at = Number(headers['webhook-timestamp'])
    const expected = standardSignature(headers['webhook-id'] as string, at, text, secrets.get('/strict') as string)
    const fresh = Math.abs(Date.now() / 1000 - at) < 300
    return { status: fresh && headers['webhook-signature'] === expected ? 204 : 401 }
  })
  const plain = await endpoint('/plain', ({ text, headers }) => {
    return {
      status: headers['x-webhook-signature'] === bodySignature(text, secrets.get('/plain') as string) ? 200 : 403,
    }
  })
  secrets.set('/strict', strict.secret).set('/plain', plain.secret)
  const run = async (id: string) => await house.call('POST', `${ENDPOINTS}/${id}/gauntlet`)
  const good = await run(strict.id)
  assert.equal([good.status, good.body.passed, good.body.trials.length], [200, true, 6])
  const half = (await run(plain.id)).body
  const failed = half.trials.filter(({ passed }: { passed: boolean }) => !passed)
  assert.equal([half.passed, failed.length, failed[0].name], [false, 1, 'old_timestamp'])
  assert.match(failed[0].advice, 'webhook-timestamp')
  assert.is(await house.count('webhook_deliveries'), 2, 'nothing but the test events of the tests before')
})

test.run()
