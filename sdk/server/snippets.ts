/** The code that merchants copy. Every snippet runs as it is printed, against the addresses that this server is reached under. */

export interface Addresses {
  publicApiUrl: string
  publicCheckoutUrl: string
  /** Of checkout.js. */
  integrity: string
}

export const order = ({ publicApiUrl }: Addresses) => `curl -X POST ${publicApiUrl}/api/v1/orders \\
  -H "X-Api-Key: key_test_abc123" \\
  -H "X-Api-Secret: secret_test_xyz789" \\
  -H "Content-Type: application/json" \\
  -d '{"amount": 50000, "currency": "INR", "receipt": "receipt_123"}'`

export const open = ({ publicCheckoutUrl }: Addresses) => `<script src="${publicCheckoutUrl}/checkout.js"></script>
<script>
  const gateway = new window.PaymentGateway({
    key: 'key_test_abc123',
    orderId: 'ORDER_123',
    onSuccess: (data) => console.log('Payment Success:', data),
    onFailure: (error) => console.error('Payment Failed:', error),
  })
  gateway.open()
</script>`

export const npm = ({ publicCheckoutUrl }: Addresses) => `import { loadCheckout } from '@async-payment-gateway/checkout'

const PaymentGateway = await loadCheckout({ origin: '${publicCheckoutUrl}' })
new PaymentGateway({ key: 'key_test_abc123', orderId: 'ORDER_123' }).open()`

export const checkInNode = `import { createHmac, timingSafeEqual } from 'node:crypto'

function isPaid({ orderId, paymentId, signature }) {
  const ours = createHmac('sha256', 'whsec_test_abc123').update(\`\${orderId}|\${paymentId}\`).digest()
  const theirs = Buffer.from(signature, 'hex')
  return theirs.length === ours.length && timingSafeEqual(ours, theirs)
}`

export const checkInPython = `import hashlib, hmac

def is_paid(order_id, payment_id, signature):
    ours = hmac.new(b'whsec_test_abc123', f'{order_id}|{payment_id}'.encode(), hashlib.sha256).hexdigest()
    return hmac.compare_digest(ours, signature)`

export const options = `const gateway = new PaymentGateway({
  key: 'key_test_abc123',
  orderId: 'ORDER_123',
  clientSecret: 'the order’s client_secret',
  prefill: { method: 'upi', vpa: 'success@sim', name: 'Asha Rao' },
  theme: { color: '#0b6e4f', mode: 'auto' },
  locale: 'hi',
  onSuccess: ({ paymentId, orderId, signature }) => {},
  onFailure: ({ code, description, paymentId }) => {},
  onClose: (reason) => {}, // 'success', 'failed', 'pending', 'dismissed' or 'closed'
})
const stop = gateway.on('payment_created', ({ paymentId }) => console.log(paymentId))
gateway.open()
gateway.close()`

export const hosted = ({ publicCheckoutUrl }: Addresses) =>
  `${publicCheckoutUrl}/checkout?key=key_test_abc123&order_id=ORDER_123&return_url=http://localhost:8080/thanks`

export const allowedOrigins = ({
  publicApiUrl,
}: Addresses) => `curl -X PUT ${publicApiUrl}/api/v1/merchants/allowed_origins \\
  -H "X-Api-Key: key_test_abc123" \\
  -H "X-Api-Secret: secret_test_xyz789" \\
  -H "Content-Type: application/json" \\
  -d '{"allowed_origins": ["https://shop.example.com"]}'`

export const csp = ({ publicCheckoutUrl }: Addresses) =>
  `Content-Security-Policy: default-src 'self'; script-src 'nonce-{random}'; style-src 'self'; frame-src ${publicCheckoutUrl}

<script nonce="{random}" src="${publicCheckoutUrl}/checkout.js"></script>`

export const sri = ({ publicCheckoutUrl, integrity }: Addresses) => `<script
  src="${publicCheckoutUrl}/checkout.js"
  integrity="${integrity}"
  crossorigin="anonymous"></script>`
