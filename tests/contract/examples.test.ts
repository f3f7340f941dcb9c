import { Compile } from 'typebox/schema'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Acceptance, toAddress } from '../../actors/index.ts'
import { EXAMPLE_IDS } from '../../api/openapi/examples.ts'
import { TEST_MERCHANT_ID } from '../../schema/seed.ts'
import { type ApiDocument, type Call, callsOf, exampleBodies, exampleUrl, readDocument } from './document.ts'
import { furnish, HARMLESS } from './furnish.ts'
import { CREDENTIALS, type House, OPERATOR_TOKEN, openHouse } from './house.ts'
import { until } from './until.ts'

const test = suite('every example of the document runs as it stands')

/** What an example can't show by itself, and why. */
const LEFT_OUT: Record<string, string> = {
  'POST /demo/webhooks': 'takes a signature over its very bytes',
  'GET /api/v1/stream': 'has no end: stream.test.ts',
  'GET /api/v1/checkout/payments/{id}/stream': 'ends with its payment: checkout.test.ts',
}
/** Refusals that are the point of an example. */
const REFUSED: Record<string, number> = { 'POST /api/v1/actors/{id}/unpark': 409 }

let house: House
let document: ApiDocument
let calls: Call[]
test.before(async () => {
  house = await openHouse({ worker: true, demo: true, chaos: HARMLESS })
  await until(async () => (await house.call('GET', '/health')).status === 200)
  document = await readDocument(house)
  calls = callsOf(document)
})
test.after(() => house?.close())

/** The payment of the examples as if nothing had happened to it but the bank's yes. */
async function settleExamplePayment(): Promise<void> {
  const { payment: id } = EXAMPLE_IDS
  for (const [table, column] of [
    ['payments', 'id'],
    ['operations', 'payment_id'],
    ['inbox', 'actor_id'],
    ['mailboxes', 'actor_id'],
    ['journal', 'actor_id'],
    ['bank.operations', 'payment'],
  ]) {
    await house.database.run({ name: '', text: `delete from ${table} where ${column} = $1` }, [id])
  }
  await new Acceptance(house.database).payment(
    {
      id,
      merchantId: TEST_MERCHANT_ID,
      tenant: '1',
      orderId: EXAMPLE_IDS.order,
      amount: 50_000,
      currency: 'INR',
      method: 'upi',
      vpa: 'success@sim',
      cardNetwork: null,
      cardLast4: null,
      instrument: 'sim_upi',
      createdAt: new Date().toISOString(),
    },
    null,
  )
  house.runtime.send([toAddress({ tenant: '1', kind: 'payment', id })])
  await until(async () => (await house.call('GET', `/api/v1/payments/${id}`)).body.status === 'success')
}

/** An order has one live payment through the checkout, so each example of one needs an order that has none. */
async function unpayExampleOrder(): Promise<void> {
  await house.database.run({ name: '', text: 'delete from payments where order_id = $1' }, [EXAMPLE_IDS.order])
}

async function prepare({ path }: Call): Promise<void> {
  await furnish(house)
  if (path === '/api/v1/checkout/payments') await unpayExampleOrder()
  if (/payments\/\{id\}(\/(capture|cancel|refunds))?$/.test(path)) await settleExamplePayment()
  if (path.endsWith('/{id}/public')) {
    const body = { asymmetric: true }
    await house.call('PATCH', `/api/v1/webhook_endpoints/${EXAMPLE_IDS.endpoint}`, { body })
  }
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` })

/** What the document says that the call takes. */
async function credentialsFor({ operation: { security } }: Call): Promise<Record<string, string>> {
  const [needed] = (security ?? [{ key: [] }]).flatMap((one) => Object.keys(one))
  const open = (path: string, body: object) => house.call('POST', path, { body, headers: null })
  const { 'x-api-key': api_key, 'x-api-secret': api_secret } = CREDENTIALS
  switch (needed) {
    case undefined:
      return {}
    case 'operator':
      return bearer(OPERATOR_TOKEN)
    case 'session':
      return bearer((await open('/api/v1/sessions', { api_key, api_secret })).body.token)
    case 'checkout': {
      const session = { key: api_key, order_id: EXAMPLE_IDS.order }
      return bearer((await open('/api/v1/checkout/sessions', session)).body.token)
    }
    default:
      return CREDENTIALS
  }
}

async function run(call: Call, summary: string, body: unknown): Promise<void> {
  await prepare(call)
  const headers = {
    ...(await credentialsFor(call)),
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
  }
  const sent = body === undefined ? {} : { body: JSON.stringify(body) }
  const response = await fetch(`${house.url}${exampleUrl(call)}`, { method: call.method, headers, ...sent })
  const text = await response.text()
  const what = `${call.name}, ${summary}: ${response.status} ${text.slice(0, 300)}`
  if (REFUSED[call.name]) assert.is(response.status, REFUSED[call.name], what)
  else assert.ok(response.ok, what)
  const { responses } = call.operation
  const described = responses[response.status] ?? responses.default
  assert.ok(described, `${what}: not described`)
  const schema = described?.content?.['application/json']?.schema
  if (!schema || text === '') return
  const [ok, errors] = Compile({ ...schema, components: document.components }).Errors(JSON.parse(text))
  assert.ok(ok, `${what}: ${JSON.stringify(errors)}`)
}

test('each is answered with a success that the document describes', async () => {
  for (const call of calls.filter(({ name }) => !LEFT_OUT[name])) {
    for (const [summary, body] of exampleBodies(call)) await run(call, summary, body)
  }
})

test('every call that needs something said has an example', () => {
  const bare = calls.filter(({ name, operation: { requestBody } }) => {
    return (
      requestBody &&
      requestBody.required !== false &&
      !requestBody.content['application/json'].examples &&
      !LEFT_OUT[name]
    )
  })
  assert.equal(
    bare.map(({ name }) => name),
    [],
  )
})

test('what is left out exists', () => {
  const names = calls.map(({ name }) => name)
  assert.equal(
    [...Object.keys(LEFT_OUT), ...Object.keys(REFUSED)].filter((name) => !names.includes(name)),
    [],
  )
})

test.run()
