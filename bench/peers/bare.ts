/** The limit: a Fastify route that validates the body and answers it, and does nothing else. Nobody who uses Fastify is faster. */
import fastify from 'fastify'
import { serve } from '../kit/serve.ts'
import { PAYMENT_PATH, paymentSchema } from './gateway/contract.ts'

const app = fastify({ logger: false })
app.post(PAYMENT_PATH, { schema: paymentSchema }, async (request, reply) => {
  const { order_id, method, vpa } = request.body as { order_id: string; method: string; vpa: string }
  const status = 'pending'
  return reply.code(201).send({
    id: 'pay_0123456789abcdef',
    order_id,
    amount: 50_000,
    currency: 'INR',
    method,
    vpa,
    status,
    created_at: new Date().toISOString(),
  })
})

serve({
  listen: async () => {
    await app.listen({ host: '127.0.0.1', port: 0 })
    const address = app.server.address()
    return typeof address === 'object' && address ? address.port : 0
  },
})
