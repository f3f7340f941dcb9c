/**
 * The gateway that a merchant's engineer would build: its API. Prepared statements on a pool, a look-up of the API key, one insert
 * that takes the terms from the order, and a job for the worker before the answer: a statement at a time, as one writes it.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { Queue } from 'bullmq'
import fastify, { type FastifyRequest } from 'fastify'
import { Redis } from 'ioredis'
import pg from 'pg'
import { serve } from '../../kit/serve.ts'
import { PAYMENT_PATH, PAYMENTS_QUEUE, type PaymentBody, type PaymentJob, paymentSchema } from './contract.ts'

const FIND_KEY = { name: 'find_key', text: 'select merchant_id, secret_hash from api_keys where key = $1' }
const INSERT_PAYMENT = {
  name: 'insert_payment',
  text: `insert into payments (id, merchant_id, order_id, amount, currency, method, vpa, created_at)
    select $1, o.merchant_id, o.id, o.amount, o.currency, $4, $5, $6 from orders o where o.merchant_id = $2 and o.id = $3
    returning amount, currency`,
}

interface Key {
  merchant_id: string
  secret_hash: Buffer
}

async function listen({
  databaseUrl,
  redisUrl,
  connections,
}: {
  databaseUrl: string
  redisUrl: string
  connections: number
}) {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: connections })
  const redis = new Redis(redisUrl, { maxRetriesPerRequest: 1 })
  const queue = new Queue<PaymentJob>(PAYMENTS_QUEUE, {
    connection: redis,
    defaultJobOptions: { attempts: 5, backoff: { type: 'exponential', delay: 1_000 }, removeOnComplete: true },
  })

  async function merchantOf(request: FastifyRequest): Promise<string | null> {
    const { 'x-api-key': name, 'x-api-secret': secret } = request.headers
    if (typeof name !== 'string' || typeof secret !== 'string') return null
    const { rows } = await pool.query<Key>({ ...FIND_KEY, values: [name] })
    const key = rows[0]
    if (!key || !timingSafeEqual(createHash('sha256').update(secret).digest(), key.secret_hash)) return null
    return key.merchant_id
  }

  const app = fastify({ logger: false })
  app.post<{ Body: PaymentBody }>(PAYMENT_PATH, { schema: paymentSchema }, async (request, reply) => {
    const merchantId = await merchantOf(request)
    if (merchantId === null) return reply.code(401).send({ error: { code: 'AUTHENTICATION_ERROR' } })
    const { order_id, method, vpa } = request.body
    const id = `pay_${randomBytes(12).toString('base64url')}`
    const created_at = new Date().toISOString()
    const values = [id, merchantId, order_id, method, vpa, created_at]
    const { rows } = await pool.query<{ amount: string; currency: string }>({ ...INSERT_PAYMENT, values })
    const terms = rows[0]
    if (!terms) return reply.code(404).send({ error: { code: 'NOT_FOUND_ERROR' } })
    await queue.add('process', { paymentId: id }, { jobId: id })
    const amount = Number(terms.amount)
    return reply
      .code(201)
      .send({ id, order_id, amount, currency: terms.currency, method, vpa, status: 'pending', created_at })
  })
  await app.listen({ host: '127.0.0.1', port: 0 })
  const address = app.server.address()
  return typeof address === 'object' && address ? address.port : 0
}

serve({ listen })
