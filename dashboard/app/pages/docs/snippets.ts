/** The code that the docs show, with the reader's own keys and addresses in it. What is theirs stands between « and ». */
import { boot } from '../../data/boot.ts'

export interface Snippet {
  language: string
  text: string
}

const key = () => `«${boot.account?.api_key ?? 'YOUR_API_KEY'}»`
const secret = () => `«${boot.demo?.api_secret ?? 'YOUR_API_SECRET'}»`
const api = () => boot.api_url
const checkout = () => boot.checkout_url

export function createOrder(): Snippet[] {
  return [
    {
      language: 'curl',
      text: `curl -X POST ${api()}/api/v1/orders \\
  -H "X-Api-Key: ${key()}" \\
  -H "X-Api-Secret: ${secret()}" \\
  -H "Content-Type: application/json" \\
  -H "Idempotency-Key: order-1" \\
  -d '{"amount": 50000, "currency": "INR", "receipt": "receipt_123"}'`,
    },
    {
      language: 'Node',
      text: `const response = await fetch('${api()}/api/v1/orders', {
  method: 'POST',
  headers: {
    'x-api-key': '${key()}',
    'x-api-secret': '${secret()}',
    'content-type': 'application/json',
    'idempotency-key': 'order-1',
  },
  body: JSON.stringify({ amount: 50000, currency: 'INR', receipt: 'receipt_123' }),
})
const order = await response.json()`,
    },
    {
      language: 'Python',
      text: `import requests

order = requests.post(
    "${api()}/api/v1/orders",
    headers={"X-Api-Key": "${key()}", "X-Api-Secret": "${secret()}", "Idempotency-Key": "order-1"},
    json={"amount": 50000, "currency": "INR", "receipt": "receipt_123"},
).json()`,
    },
  ]
}

export function openCheckout(): Snippet[] {
  return [
    {
      language: 'HTML',
      text: `<script src="${checkout()}/checkout.js"></script>
<script>
  new PaymentGateway({
    key: '${key()}',
    orderId: '«ORDER_123»',
    onSuccess: ({ paymentId }) => console.log(paymentId),
    onFailure: ({ description }) => console.log(description),
  }).open()
</script>`,
    },
  ]
}

export function verifyWebhook(webhookSecret: string): Snippet[] {
  return [
    {
      language: 'Node',
      text: `import { createHmac, timingSafeEqual } from 'node:crypto'

// rawBody: the bytes as they arrived, before any JSON parser
const ours = createHmac('sha256', '«${webhookSecret}»').update(rawBody).digest()
const theirs = Buffer.from(request.headers['x-webhook-signature'] ?? '', 'hex')
const verified = ours.length === theirs.length && timingSafeEqual(ours, theirs)
if (!verified) return reply.code(401).send()`,
    },
    {
      language: 'Python',
      text: `import hashlib, hmac

# raw_body: the bytes as they arrived, before any JSON parser
ours = hmac.new(b"«${webhookSecret}»", raw_body, hashlib.sha256).hexdigest()
verified = hmac.compare_digest(ours, request.headers.get("X-Webhook-Signature", ""))`,
    },
    {
      language: 'Java',
      text: `// rawBody: the bytes as they arrived, before any JSON parser
Mac mac = Mac.getInstance("HmacSHA256");
mac.init(new SecretKeySpec("«${webhookSecret}»".getBytes(UTF_8), "HmacSHA256"));
byte[] theirs = HexFormat.of().parseHex(request.getHeader("X-Webhook-Signature"));
boolean verified = MessageDigest.isEqual(mac.doFinal(rawBody), theirs);`,
    },
    {
      language: 'Go',
      text: `// rawBody: the bytes as they arrived, before any JSON parser
mac := hmac.New(sha256.New, []byte("«${webhookSecret}»"))
mac.Write(rawBody)
theirs, _ := hex.DecodeString(r.Header.Get("X-Webhook-Signature"))
verified := hmac.Equal(mac.Sum(nil), theirs)`,
    },
    {
      language: 'PHP',
      text: `// the bytes as they arrived, before any JSON parser
$rawBody = file_get_contents('php://input');
$ours = hash_hmac('sha256', $rawBody, '«${webhookSecret}»');
$verified = hash_equals($ours, $_SERVER['HTTP_X_WEBHOOK_SIGNATURE'] ?? '');`,
    },
  ]
}

export function idempotent(): Snippet[] {
  return [
    {
      language: 'curl',
      text: `curl -X POST ${api()}/api/v1/payments \\
  -H "X-Api-Key: ${key()}" -H "X-Api-Secret: ${secret()}" \\
  -H "Content-Type: application/json" \\
  -H "Idempotency-Key: «payment-of-cart-42»" \\
  -d '{"order_id": "ord_test_001", "method": "upi", "vpa": "success@sim"}'`,
    },
  ]
}
