/**
 * One example for every call that needs something said, as the document shows them. A test runs each of them as it stands, against objects
 * with these very ids; so what is copied from the document works.
 */

/** Ids of the objects that the examples speak of. */
export const EXAMPLE_IDS = {
  order: 'order_9Qm2Xw7LrT4bVz1K',
  payment: 'pay_4fT0aZk8Yq2Wn6Rb',
  refund: 'rfnd_Hs7Jd2Pq9Lx4Vc0M',
  event: 'evt_Wb5Nz8Kt1Rg6Yf3D',
  webhook: '0198f2a4-7c11-7d42-9e55-3b1f2f6c8a10',
  endpoint: 'whe_Cj3Tm6Xp0Sv8Ka2E',
  replay: 'rpl_Gn4Uy7Bw1Qh9Zr5L',
  apiKey: 'key_test_6f1c0d8be2a94753a1c3e5f7',
  idempotencyKey: 'order-1042-payment-1',
}

/** What stands for a path's parameter, by the beginning of the path. */
const PARAMETERS: [path: string, value: string][] = [
  ['/api/v1/orders/{id}', EXAMPLE_IDS.order],
  ['/api/v1/payments/{id}', EXAMPLE_IDS.payment],
  ['/api/v1/checkout/payments/{id}', EXAMPLE_IDS.payment],
  ['/api/v1/refunds/{id}', EXAMPLE_IDS.refund],
  ['/api/v1/events/{id}', EXAMPLE_IDS.event],
  ['/api/v1/webhooks/{id}', EXAMPLE_IDS.webhook],
  ['/api/v1/webhook_endpoints/{id}', EXAMPLE_IDS.endpoint],
  ['/api/v1/webhook_replays/{id}', EXAMPLE_IDS.replay],
  ['/api/v1/actors/{id}', EXAMPLE_IDS.payment],
  ['/api/v1/api_keys/{api_key}', EXAMPLE_IDS.apiKey],
  ['/api/v1/idempotency_keys/{key}', EXAMPLE_IDS.idempotencyKey],
]

/** The value for the one parameter that our paths have at most; null: there is no example. */
export function parameterExample(path: string): string | null {
  return PARAMETERS.find(([beginning]) => path.startsWith(beginning))?.[1] ?? null
}

const card = { number: '4242424242424242', expiry_month: 12, expiry_year: 2030, cvv: '123', holder_name: 'A Shopper' }
const hooks = { webhook_url: 'https://shop.example/webhooks' }

/** Bodies by operation; of several the first is the plainest. */
export const BODIES: Record<string, Record<string, unknown>> = {
  'POST /api/v1/orders': {
    'an order of INR 500.00': { amount: 50_000, currency: 'INR', receipt: 'cart-1042', notes: { customer: '77' } },
  },
  'POST /api/v1/payments': {
    'by UPI': { order_id: EXAMPLE_IDS.order, method: 'upi', vpa: 'success@sim' },
    'by card': { order_id: EXAMPLE_IDS.order, method: 'card', card },
    'with an order of your own': { order_id: 'cart-1042', amount: 50_000, method: 'upi', vpa: 'test@upi' },
  },
  'POST /api/v1/payments/public': {
    'by UPI': { order_id: 'ord_test_001', method: 'upi', vpa: 'success@sim' },
  },
  'POST /api/v1/payments/{id}/capture': { 'a part': { amount: 30_000 } },
  'POST /api/v1/payments/{id}/refunds': { 'a part': { amount: 1_000, reason: 'Customer requested' } },
  'PUT /api/v1/webhooks/config': { 'your receiver': hooks, none: { webhook_url: null } },
  'PUT /api/v1/merchants/webhook': { 'your receiver': hooks },
  'POST /api/v1/webhook_endpoints': {
    'everything about refunds': { url: 'https://books.example/refunds', events: ['refund.*'], ordered: true },
  },
  'PATCH /api/v1/webhook_endpoints/{id}': { 'hold it back': { status: 'disabled' } },
  'PUT /api/v1/webhook_endpoints/{id}': { 'hold it back': { status: 'disabled' } },
  'POST /api/v1/webhook_replays': {
    'what failed': { source: 'failed', from: '2026-01-15T00:00:00Z', to: '2026-01-16T00:00:00Z' },
  },
  'POST /api/v1/webhooks/explain': {
    'a body that was written anew': {
      payload: '{"event": "payment.success"}',
      headers: { 'x-webhook-signature': '5d41402abc4b2a76b9719d911017c592' },
      secret: 'whsec_test_abc123',
    },
  },
  'POST /api/v1/api_keys': { 'for one server': { name: 'checkout server' }, 'for pages': { kind: 'publishable' } },
  'POST /api/v1/api_keys/{api_key}/roll': { 'the old one goes on for an hour': { grace_seconds: 3_600 } },
  'PATCH /api/v1/merchants/profile': { 'replay on a mismatch': { idempotency_mismatch: 'replay' } },
  'PUT /api/v1/merchants/allowed_origins': { 'one shop': { allowed_origins: ['https://shop.example'] } },
  'PUT /api/v1/merchants/password': { 'the first one': { password: 'correct horse battery staple' } },
  'POST /api/v1/merchants': { 'a test merchant': { name: 'A Shop', email: 'owner@shop.example', test: true } },
  'POST /api/v1/sessions': { 'by keys': { api_key: 'key_test_abc123', api_secret: 'secret_test_xyz789' } },
  'POST /api/v1/checkout/sessions': { 'an order': { key: 'key_test_abc123', order_id: EXAMPLE_IDS.order } },
  'POST /api/v1/checkout/payments': {
    'by UPI': { method: 'upi', vpa: 'success@sim' },
    'by QR code': { method: 'upi', flow: 'qr' },
    'by card': { method: 'card', card },
  },
  'POST /api/v1/actors/{id}/unpark': { 'try again': { action: 'retry', reason: 'the bank is back' } },
  'POST /api/v1/chaos/kill-worker': { 'the first worker': { worker: 'worker-1' } },
  'POST /api/v1/chaos/pause-worker': { 'for three seconds': { worker: 'worker-1', ms: 3_000 } },
  'POST /api/v1/chaos/stop-bank': { 'for three seconds': { ms: 3_000 } },
}

/** Queries worth showing, by operation. */
export const QUERIES: Record<string, Record<string, string | number>> = {
  'GET /api/v1/payments': { status: 'success', limit: 10 },
  'GET /api/v1/events': { type: 'payment.success' },
  'GET /api/v1/refunds': { payment_id: EXAMPLE_IDS.payment },
  'GET /api/v1/checkout/origins': { key: 'key_test_abc123' },
}
