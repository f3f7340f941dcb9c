/**
 * Moves the clock of a gateway under test. Nothing in the gateway can be told what time it is, so instead everything that lies
 * ahead comes nearer: timers, ends of graces, beginnings of failures, and what the gates have promised. Then whoever is due by
 * now is rung, as the sweep would do it.
 */
import { Redis } from 'ioredis'
import { toAddress } from '../../actors/index.ts'
import type { House } from '../contract/house.ts'

const TIMERS = `timers = (select jsonb_object_agg(key, value::float8 - $1::float8) from jsonb_each_text(timers)),
  wake_at = wake_at - $1::float8 * interval '1 ms'`
const earlier = (column: string) => `${column} = ${column} - $1::float8 * interval '1 ms'`

/** Call it while nothing is under way: a turn that commits meanwhile puts its own timers back. */
export async function moveClock({ database, runtime, redisUrl }: House, ms: number): Promise<void> {
  const run = <Row extends object>(text: string, values: unknown[]) => database.run<Row>({ name: '', text }, values)
  for (const table of ['webhook_deliveries', 'webhook_replays']) {
    await run(`update ${table} set ${TIMERS} where wake_at is not null`, [ms])
  }
  const endpoint = ['failing_since', 'last_failed_at', 'previous_secret_expires_at'].map(earlier).join(', ')
  await run(`update webhook_endpoints set ${endpoint}`, [ms])
  await run(`update merchants set ${earlier('previous_webhook_secret_expires_at')}`, [ms])
  if (redisUrl) await moveGates(redisUrl, ms)
  const due = await run<{ kind: string; id: string; num: number }>(
    `select d.kind, d.id, m.num from (
      select 'delivery' as kind, id::text, merchant_id from webhook_deliveries where wake_at <= now()
      union all select 'replay', id, merchant_id from webhook_replays where wake_at <= now()
    ) d join merchants m on m.id = d.merchant_id`,
    [],
  )
  runtime.send(due.map(({ kind, id, num }) => toAddress({ tenant: num.toString(36), kind, id })))
}

async function moveGates(redisUrl: string, ms: number): Promise<void> {
  const redis = new Redis(redisUrl)
  for (const key of await redis.keys('*gate:*')) {
    for (const field of ['until', 'promised', 'paced', 'probe']) await redis.hincrby(key, field, -ms)
  }
  redis.disconnect()
}
