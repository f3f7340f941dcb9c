/** The one call of the peer's API that is measured: what comes in and what goes out, as Fastify's validator and serializer take it. */

export const PAYMENT_PATH = '/api/v1/payments'

const text = { type: 'string' } as const

export const paymentSchema = {
  body: {
    type: 'object',
    required: ['order_id', 'method', 'vpa'],
    properties: {
      order_id: { type: 'string', pattern: '^[A-Za-z0-9._-]{1,64}$' },
      method: { const: 'upi' },
      vpa: { type: 'string', maxLength: 255, pattern: '^[a-zA-Z0-9._-]+@[a-zA-Z0-9]+$' },
    },
  },
  response: {
    201: {
      type: 'object',
      properties: {
        id: text,
        order_id: text,
        amount: { type: 'integer' },
        currency: text,
        method: text,
        vpa: text,
        status: text,
        created_at: text,
      },
    },
  },
} as const

export interface PaymentBody {
  order_id: string
  method: 'upi'
  vpa: string
}

/** Jobs of the two queues: what is to be done about which row. The rows say everything else. */
export const PAYMENTS_QUEUE = 'payments'
export const WEBHOOKS_QUEUE = 'webhooks'

export interface PaymentJob {
  paymentId: string
}

export interface WebhookJob {
  deliveryId: string
}
