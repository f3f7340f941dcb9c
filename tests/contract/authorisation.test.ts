import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { EXAMPLE_IDS } from '../../api/openapi/examples.ts'
import { type Call, callsOf, exampleBodies, exampleUrl, readDocument } from './document.ts'
import { furnish, HARMLESS } from './furnish.ts'
import { CREDENTIALS, type House, OPERATOR_TOKEN, openHouse, runtimeWithoutRedis } from './house.ts'

const test = suite('who may call what')

type Opens = 'everybody' | 'merchant' | 'operator' | 'merchant and operator' | 'session' | 'checkout token'

/** Every route and whom it opens for. A new route without its row fails. */
const ROUTES: Record<Opens, string[]> = {
  everybody: [
    'GET /openapi.json',
    'GET /metrics',
    'GET /health',
    'GET /health/live',
    'GET /health/ready',
    'GET /demo/webhooks',
    'POST /demo/webhooks',
    'GET /api/v1/test/jobs/status',
    'GET /api/v1/test/merchant',
    'GET /api/v1/orders/{id}/public',
    'GET /api/v1/payments/{id}/public',
    'POST /api/v1/payments/public',
    'GET /api/v1/webhook_endpoints/{id}/public',
    'POST /api/v1/sessions',
    'POST /api/v1/checkout/sessions',
    'GET /api/v1/checkout/origins',
  ],
  session: ['GET /api/v1/sessions/current', 'DELETE /api/v1/sessions/current'],
  'checkout token': [
    'POST /api/v1/checkout/payments',
    'GET /api/v1/checkout/payments/{id}',
    'GET /api/v1/checkout/payments/{id}/stream',
  ],
  merchant: [
    'POST /api/v1/orders',
    'GET /api/v1/orders',
    'GET /api/v1/orders/{id}',
    'POST /api/v1/payments',
    'GET /api/v1/payments',
    'GET /api/v1/payments/{id}',
    'GET /api/v1/payments/summary',
    'GET /api/v1/payments/series',
    'POST /api/v1/payments/{id}/capture',
    'POST /api/v1/payments/{id}/cancel',
    'GET /api/v1/payments/{id}/timeline',
    'POST /api/v1/payments/{id}/refunds',
    'GET /api/v1/refunds',
    'GET /api/v1/refunds/{id}',
    'GET /api/v1/webhooks/config',
    'PUT /api/v1/webhooks/config',
    'PUT /api/v1/merchants/webhook',
    'POST /api/v1/webhooks/secret/regenerate',
    'POST /api/v1/merchants/webhook/regenerate-secret',
    'POST /api/v1/webhooks/test',
    'POST /api/v1/merchants/webhook/test',
    'POST /api/v1/webhooks/explain',
    'GET /api/v1/webhooks',
    'GET /api/v1/webhooks/summary',
    'GET /api/v1/webhooks/{id}',
    'POST /api/v1/webhooks/{id}/retry',
    'POST /api/v1/webhook_endpoints',
    'GET /api/v1/webhook_endpoints',
    'GET /api/v1/webhook_endpoints/{id}',
    'PATCH /api/v1/webhook_endpoints/{id}',
    'PUT /api/v1/webhook_endpoints/{id}',
    'POST /api/v1/webhook_endpoints/{id}/secret/regenerate',
    'POST /api/v1/webhook_endpoints/{id}/test',
    'POST /api/v1/webhook_endpoints/{id}/gauntlet',
    'DELETE /api/v1/webhook_endpoints/{id}',
    'POST /api/v1/webhook_replays',
    'GET /api/v1/webhook_replays',
    'GET /api/v1/webhook_replays/{id}',
    'POST /api/v1/webhook_replays/{id}/cancel',
    'GET /api/v1/events',
    'GET /api/v1/events/{id}',
    'GET /api/v1/stream',
    'GET /api/v1/merchants/profile',
    'PATCH /api/v1/merchants/profile',
    'GET /api/v1/merchants/allowed_origins',
    'PUT /api/v1/merchants/allowed_origins',
    'PUT /api/v1/merchants/password',
    'GET /api/v1/api_keys',
    'POST /api/v1/api_keys',
    'POST /api/v1/api_keys/{api_key}/roll',
    'DELETE /api/v1/api_keys/{api_key}',
    'GET /api/v1/idempotency_keys/{key}',
  ],
  operator: [
    'POST /api/v1/merchants',
    'GET /api/v1/actors',
    'GET /api/v1/actors/{id}',
    'POST /api/v1/actors/{id}/nudge',
    'POST /api/v1/actors/{id}/unpark',
    'GET /api/v1/workers',
    'GET /api/v1/jobs',
    'GET /api/v1/chaos/invariants',
    'POST /api/v1/chaos/kill-worker',
    'POST /api/v1/chaos/pause-worker',
    'POST /api/v1/chaos/stop-bank',
    'POST /api/v1/chaos/flush-redis',
  ],
  'merchant and operator': ['GET /api/v1/audit_log'],
}

let house: House
let calls: Call[]
let callers: Record<string, Record<string, string>>

test.before(async () => {
  // Commands are accepted, and nobody decides them: who may give one is decided before.
  house = await openHouse({
    worker: false,
    demo: true,
    chaos: HARMLESS,
    runtime: { ...runtimeWithoutRedis(), canAsk: async () => true, ask: async () => OK },
  })
  calls = callsOf(await readDocument(house))
  const operator = { authorization: `Bearer ${OPERATOR_TOKEN}` }
  const body = { name: 'Other', email: 'other@example.com', test: true }
  const { body: other } = await house.call('POST', '/api/v1/merchants', { body, headers: operator })
  const { body: publishable } = await house.call('POST', '/api/v1/api_keys', { body: { kind: 'publishable' } })
  callers = {
    nobody: {},
    'a wrong secret': { ...CREDENTIALS, 'x-api-secret': 'secret_test_guessed' },
    'a wrong token': { authorization: 'Bearer guessed' },
    'a publishable key': { 'x-api-key': publishable.api_key, 'x-api-secret': '' },
    'another merchant': { 'x-api-key': other.api_key, 'x-api-secret': other.api_secret },
    'the operator': operator,
    'the merchant': CREDENTIALS,
  }
})
test.after(() => house?.close())

const OK = { status: 200, body: {} }

async function statusOf(call: Call, headers: Record<string, string>): Promise<{ status: number; text: string }> {
  const [[, body] = []] = exampleBodies(call)
  const sent = body === undefined ? {} : { body: JSON.stringify(body) }
  const asked = { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) }
  const response = await fetch(`${house.url}${exampleUrl(call)}`, { method: call.method, headers: asked, ...sent })
  return { status: response.status, text: await response.text() }
}

function expected(opens: Opens, caller: string, { path }: Call): (status: number) => boolean {
  const stranger = ['nobody', 'a wrong secret', 'a wrong token', 'a publishable key'].includes(caller)
  const is = (wanted: number) => (status: number) => status === wanted
  const letIn = (status: number) => status !== 401 && status !== 403
  if (opens === 'everybody') return letIn
  if (opens === 'session' || opens === 'checkout token' || stranger) return is(401)
  if (opens === 'merchant and operator') return letIn
  if (opens === 'operator') return caller === 'the operator' ? letIn : is(403)
  if (caller === 'the operator') return is(403)
  // What a path names is not found; what a body names (an order) may not be.
  if (caller === 'another merchant') return path.includes('{') ? is(404) : letIn
  return (status) => letIn(status) && status !== 404
}

test('every route has its row, and every row its route', () => {
  const known = Object.values(ROUTES).flat()
  const names = calls.map(({ name }) => name)
  assert.equal(
    names.filter((name) => !known.includes(name)),
    [],
    'say in ROUTES whom a new route opens for',
  )
  assert.equal(
    known.filter((name) => !names.includes(name)),
    [],
    'these routes are no more',
  )
})

test('each opens for whom it should, and for nobody else', async () => {
  for (const [opens, names] of Object.entries(ROUTES) as [Opens, string[]][]) {
    for (const call of calls.filter(({ name }) => names.includes(name))) {
      for (const [caller, headers] of Object.entries(callers)) {
        // In demo mode the test merchant operates.
        if (opens === 'operator' && caller === 'the merchant') continue
        await furnish(house)
        const { status, text } = await statusOf(call, headers)
        assert.ok(expected(opens, caller, call)(status), `${call.name} as ${caller}: ${status} ${text.slice(0, 200)}`)
        // The audit log tells it what it has tried itself.
        if (caller !== 'another merchant' || opens === 'everybody' || call.path.endsWith('audit_log')) continue
        const told = Object.values(EXAMPLE_IDS).filter((id) => text.includes(id))
        assert.equal(told, [], `${call.name} tells another merchant's ids`)
      }
    }
  }
})

test('who is refused is refused before what is said is looked at', async () => {
  for (const { name, path, method } of calls.filter(
    ({ name }) => ROUTES.merchant.includes(name) && !name.startsWith('GET'),
  )) {
    const url = path.replaceAll(/\{\w+\}/g, '%20')
    const { status } = await house.call(method, url, { body: '{"amount":', headers: { 'x-api-secret': 'guess' } })
    assert.is(status, 401, name)
  }
})

test.run()
