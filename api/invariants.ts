/**
 * The promises, counted: what would have to be true of every payment if nothing is ever lost, charged twice or told wrongly. For the demo,
 * where one breaks things and wants to see the promises hold meanwhile. It reads the simulated bank's own books, which nothing else
 * of the gateway may: an auditor has to look at both sides.
 */
import { sql } from 'kysely'
import type { Database } from '../schema/database.ts'

export interface Invariant {
  name: string
  holds: boolean
  /** How many break it, and of how many. */
  broken: number
  of: number
}

/** What stands in one statement is seen in one moment: two would disagree about a payment that moves in between. */
interface Counts {
  payments: number
  open: number
  settled: number
  unmatched: number
  double_charges: number
  refunds: number
  over_refunded: number
  events: number
  untold: number
  awake: number
  commits: number
  unrecorded: number
  deliveries: number
  doubled: number
}

/** Older payments had their chance to break something. */
const WINDOW = '24 hours'

export async function checkInvariants({ kysely }: Database): Promise<Invariant[]> {
  const { rows } = await sql<Counts>`
    with p as materialized (
      select id, status, amount, canceled, captured_amount, wake_at, event_seq, version
      from payments where created_at > now() - ${WINDOW}::interval
    ), told as materialized (
      select p.id, t.n, t.outcomes from p cross join lateral (
        select count(*) as n, count(*) filter (where type in ('payment.success', 'payment.failed')) as outcomes
        from events where payment_id = p.id offset 0) t
    ), books as materialized (
      select p.id, b.charges, b.voids from p cross join lateral (
        select count(*) filter (where kind = 'authorize' and outcome = 'approved' and ready_at <= now()) as charges,
          count(*) filter (where kind = 'void') as voids
        from bank.operations where payment = p.id offset 0) b
    ), back as materialized (
      select p.id, r.n, r.amount from p cross join lateral (
        select count(*) as n, coalesce(sum(amount), 0) as amount
        from refunds where payment_id = p.id and status <> 'failed' offset 0) r
    ), recorded as materialized (
      select p.id, j.n from p cross join lateral (select count(*) as n from journal where actor_id = p.id offset 0) j
    ), sent as materialized (
      select count(*) as n, count(distinct (d.event_id, d.endpoint_id)) as pairs
      from p join webhook_deliveries d on d.payment_id = p.id
    )
    select count(*) as payments,
      count(*) filter (where p.status = 'pending') as open,
      count(*) filter (where p.status <> 'pending' and told.outcomes = 1) as settled,
      count(*) filter (where (p.status = 'success' and books.charges <> 1)
        or (p.status = 'failed' and p.wake_at is null and books.charges > 0 and books.voids = 0)) as unmatched,
      count(*) filter (where books.charges > 1) as double_charges,
      coalesce(sum(back.n), 0)::int8 as refunds,
      count(*) filter (where back.amount > coalesce(p.captured_amount, p.amount)) as over_refunded,
      coalesce(sum(told.n), 0)::int8 as events,
      count(*) filter (where told.n <> p.event_seq) as untold,
      count(*) filter (where p.status = 'pending' and (p.wake_at is not null
        or exists (select from inbox where actor_id = p.id and handled_at is null))) as awake,
      coalesce(sum(recorded.n), 0)::int8 as commits,
      count(*) filter (where recorded.n <> p.version) as unrecorded,
      (select n from sent) as deliveries,
      (select n - pairs from sent) as doubled
    from p join told using (id) join books using (id) join back using (id) join recorded using (id)
  `.execute(kysely)
  return rows[0] ? judge(rows[0]) : []
}

/** Pure: the counts into the promises. */
export function judge(counts: Counts): Invariant[] {
  const { payments, open, settled } = counts
  const invariant = (name: string, broken: number, of: number) => ({ name, holds: broken === 0, broken, of })
  return [
    invariant('Every accepted payment is open or settled', payments - open - settled, payments),
    invariant('Our books equal the bank’s books', counts.unmatched, payments),
    invariant('No payment was charged twice', counts.double_charges, payments),
    invariant('No refund passed its payment', counts.over_refunded, counts.refunds),
    invariant('Every event was told once, in order', counts.untold, counts.events),
    invariant('Every open payment has a wake-up', open - counts.awake, open),
    invariant('Every commit stands in the journal', counts.unrecorded, counts.commits),
    invariant('Every event has one delivery per endpoint', counts.doubled, counts.deliveries),
  ]
}
