/** Payments at a steady rate while something happens to Redis; then every one of them must have ended as the bank's books say. */
import { setTimeout as sleep } from 'node:timers/promises'
import * as assert from 'uvu/assert'
import { until } from '../contract/until.ts'
import type { Fleet } from '../fleet/fleet.ts'
import type { Receiver } from '../fleet/receiver.ts'

/** Payments a second. */
const RATE = 20
const AGAIN_MS = 200
const END_LIMIT_MS = 60_000

/** Runs `happens` under load, and answers how many payments went through it. */
export async function underLoad(fleet: Fleet, receiver: Receiver, happens: () => Promise<void>): Promise<number> {
  let over = false
  const accepted: Promise<string>[] = []
  const load = (async () => {
    for (let n = 0; !over; n++) {
      accepted.push(accept(fleet, `load-${Date.now()}-${n}`))
      await sleep(1_000 / RATE)
    }
  })()
  await sleep(1_000)
  try {
    await happens()
    await sleep(1_000)
  } finally {
    over = true
    await load
  }
  const ids = await Promise.all(accepted)
  await everythingEnds(fleet, receiver, ids)
  return ids.length
}

/** Sent again under its key until it is accepted, as merchants do. */
async function accept(fleet: Fleet, key: string): Promise<string> {
  for (;;) {
    const answer = await fleet.merchant.pay({ vpa: 'somebody@upi' }, { 'idempotency-key': key }).catch(() => null)
    if (answer?.status === 201) return answer.body.id as string
    await sleep(AGAIN_MS)
  }
}

async function everythingEnds(fleet: Fleet, receiver: Receiver, ids: string[]): Promise<void> {
  const open = () =>
    fleet.number(
      `select (select count(*) from payments where id = any ($1) and (status = 'pending' or wake_at is not null))
        + (select count(*) from webhook_deliveries where payment_id = any ($1) and status <> 'success') as n`,
      [ids],
    )
  await until(async () => (await open()) === 0, END_LIMIT_MS)
  const ends = await fleet.rows<{ id: string; status: string; operations: number; charges: number }>(
    `select p.id, p.status, count(*)::int as operations, count(*) filter (where o.outcome = 'approved')::int as charges
     from payments p left join bank.operations o on o.payment = p.id where p.id = any ($1) group by p.id`,
    [ids],
  )
  assert.is(ends.length, new Set(ids).size)
  for (const { id, status, operations, charges } of ends) {
    assert.equal([operations, status], [1, charges === 1 ? 'success' : 'failed'], id)
  }
  const events = await fleet.rows<{ id: string }>('select id from events where payment_id = any ($1)', [ids])
  assert.is(events.length, 3 * ids.length)
  const came = receiver.ids
  assert.equal(
    events.filter(({ id }) => !came.has(id)),
    [],
  )
}
