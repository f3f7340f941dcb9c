/** How soon an emptied Redis knows again everybody who is owed a turn within the horizon. */
import { Redis } from 'ioredis'
import { monotonicMs } from '../../../runtime/clock.ts'
import { TEST_MERCHANT_ID } from '../../../schema/seed.ts'
import { until } from '../../contract/until.ts'
import { Fleet } from '../../fleet/fleet.ts'

const LIMIT_MS = 120_000

/** Payments that wait for their bank, with their next look in one to nine minutes: within the horizon, and not while this measures. */
const OPEN = `insert into payments (id, merchant_id, order_id, amount, currency, method, vpa, instrument, timers, wake_at)
select 'pay_' || lpad(n::text, 16, '0'), $1, 'ord_test_001', 50000, 'INR', 'upi', 'a@b', 'sim_upi',
  jsonb_build_object('inquire', floor(extract(epoch from due) * 1000)), due
from (select n, now() + interval '1 minute' + random() * interval '8 minutes' as due from generate_series(1, $2::int) n) s`

/** ms from FLUSHALL until all `payments` open ones are scheduled or ready in Redis again. */
export async function measureFlush(payments: number): Promise<number> {
  const fleet = await Fleet.open({ workers: 2, ownServers: true })
  const redis = new Redis(fleet.redisUrl)
  const known = async () => (await redis.zcard('{0}:due')) + (await redis.zcard('{0}:ready:payment'))
  const isKnown = async () => (await known()) >= payments
  try {
    await fleet.rows(OPEN, [TEST_MERCHANT_ID, payments])
    await fleet.rows('analyze payments')
    await redis.flushall()
    await until(isKnown, LIMIT_MS)
    const since = monotonicMs()
    await redis.flushall()
    await until(isKnown, LIMIT_MS)
    return Math.round(monotonicMs() - since)
  } finally {
    redis.disconnect()
    await fleet.close()
  }
}
