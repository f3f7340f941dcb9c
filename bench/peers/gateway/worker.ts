/**
 * The gateway that a merchant's engineer would build: its worker. Two queues, so that a receiver that fails is tried again without
 * asking the bank again. The bank answers at once; the payment's success and its delivery are one statement, so that no crash can
 * lose the webhook.
 */
import { createHmac } from 'node:crypto'
import { type Job, Queue, Worker } from 'bullmq'
import { Redis } from 'ioredis'
import pg from 'pg'
import { Agent, request } from 'undici'
import { serve } from '../../kit/serve.ts'
import { PAYMENTS_QUEUE, type PaymentJob, WEBHOOKS_QUEUE, type WebhookJob } from './contract.ts'

const CONNECTIONS_TO_A_RECEIVER = 64
const CALL_TIMEOUT_MS = 5_000

const FIND_PAYMENT = { name: 'find_payment', text: 'select * from payments where id = $1' }
const SUCCEED = {
  name: 'succeed',
  text: `with paid as (
    update payments set status = 'success', updated_at = $2 where id = $1 and status = 'pending' returning id, merchant_id
  )
  insert into webhook_deliveries (merchant_id, payment_id, event, payload)
  select merchant_id, id, 'payment.success', $3 from paid returning id`,
}
const FIND_DELIVERY = {
  name: 'find_delivery',
  text: `select d.payload, d.status, d.attempts, m.webhook_url, m.webhook_secret
    from webhook_deliveries d join merchants m on m.id = d.merchant_id where d.id = $1`,
}
const RECORD_ATTEMPT = {
  name: 'record_attempt',
  text: `update webhook_deliveries set status = $2, attempts = attempts + 1, response_code = $3, last_attempt_at = now()
    where id = $1`,
}

interface Options {
  databaseUrl: string
  redisUrl: string
  connections: number
  concurrency: number
}

function start({ databaseUrl, redisUrl, connections, concurrency }: Options): void {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: connections })
  const redis = new Redis(redisUrl, { maxRetriesPerRequest: null })
  const webhooks = new Queue<WebhookJob>(WEBHOOKS_QUEUE, {
    connection: redis,
    defaultJobOptions: { attempts: 5, backoff: { type: 'exponential', delay: 60_000 }, removeOnComplete: true },
  })
  const agent = new Agent({ connections: CONNECTIONS_TO_A_RECEIVER })

  async function pay({ data: { paymentId } }: Job<PaymentJob>): Promise<void> {
    const { rows } = await pool.query({ ...FIND_PAYMENT, values: [paymentId] })
    const payment = rows[0]
    if (payment?.status !== 'pending') return
    const now = new Date()
    const paid = { ...payment, amount: Number(payment.amount), status: 'success', updated_at: now }
    const timestamp = Math.floor(now.getTime() / 1000)
    const payload = JSON.stringify({ event: 'payment.success', timestamp, data: { payment: paid } })
    const { rows: born } = await pool.query<{ id: string }>({ ...SUCCEED, values: [paymentId, now, payload] })
    if (born[0]) await webhooks.add('deliver', { deliveryId: born[0].id }, { jobId: born[0].id })
  }

  async function deliver({ data: { deliveryId } }: Job<WebhookJob>): Promise<void> {
    const { rows } = await pool.query({ ...FIND_DELIVERY, values: [deliveryId] })
    const { payload, status, webhook_url: url, webhook_secret: secret } = rows[0]
    if (status !== 'pending') return
    const answer = await request(url, {
      dispatcher: agent,
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-webhook-signature': createHmac('sha256', secret).update(payload).digest('hex'),
      },
      body: payload,
      signal: AbortSignal.timeout(CALL_TIMEOUT_MS),
    })
    await answer.body.dump()
    const accepted = answer.statusCode >= 200 && answer.statusCode < 300
    await pool.query({ ...RECORD_ATTEMPT, values: [deliveryId, accepted ? 'success' : 'pending', answer.statusCode] })
    if (!accepted) throw new Error(`the receiver answered ${answer.statusCode}`)
  }

  const connection = () => new Redis(redisUrl, { maxRetriesPerRequest: null })
  for (const worker of [
    new Worker(PAYMENTS_QUEUE, pay, { connection: connection(), concurrency }),
    new Worker(WEBHOOKS_QUEUE, deliver, { connection: connection(), concurrency }),
  ]) {
    worker.on('error', (error) => console.error(error))
    worker.on('failed', (_job, error) => console.error(error))
  }
}

serve({ start })
