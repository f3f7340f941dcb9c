/**
 * The books of the simulated bank: a ledger that is only ever appended to, apart from the gateway's tables, so that an
 * audit can compare what the bank did with what the gateway believes.
 *
 * Under one key money moves once: whoever asks again finds what stands. What a capture, a void or a refund may do is
 * decided in the statement that writes it, from the payment's lines before it. Those are numbered, and two operations
 * that saw the same lines want the same number: the database lets one in, the other looks again. So even callers that
 * know nothing of each other can't refund a payment twice, and no lock is held.
 */
import type { Database, Statement } from '../../schema/database.ts'

export type OperationKind = 'authorize' | 'capture' | 'void' | 'refund'

/** An operation to write. The books decline it when the payment's lines before it do not allow it. */
export interface Draft {
  key: string
  kind: OperationKind
  payment: string
  /** Minor units of `currency`. */
  amount: number
  currency: string
  outcome: 'approved' | 'declined' | 'silent'
  description: string | null
  bankRef: string
  /** Until it is decided. */
  delayMs: number
}

/** An operation as it stands. */
export interface Entry {
  key: string
  kind: OperationKind
  payment: string
  amount: number
  currency: string
  state: 'done' | 'declined' | 'pending'
  /** Why it was declined. */
  description: string | null
  bankRef: string
  /** Until it is decided, ms; null when it is, or never will be. */
  remainingMs: number | null
}

export interface Books {
  /** Writes what is new and answers what stands under each key, in order. Safe to repeat. */
  write(drafts: Draft[]): Promise<Entry[]>
  /** What stands under each key, in order; null: the bank never heard of it. */
  find(keys: string[]): Promise<(Entry | null)[]>
  /** All that the bank did for a payment, in the order in which it happened. */
  of(payment: string): Promise<Entry[]>
}

/**
 * Rounds that rivals may win at one payment (a whole group of theirs) before the bank gives up: what is left is not
 * written then.
 */
const ROUNDS_LOST = 256

// A void releases what was not captured, and also what comes too late: an authorization that was undecided when it came
// never stands.
// By the clock and not by now(): a statement that began before the one whose row it reads would call what is decided undecided.
const entries = (rows: string) => `
select o.key, o.kind, o.payment, o.amount, o.currency, o.bank_ref as "bankRef",
  case when late.voided then 'declined' when o.ready_at > late.looked then 'pending'
    when o.outcome = 'approved' then 'done' else 'declined' end as state,
  case when late.voided then 'The payment was voided before' else o.error_description end as description,
  case when not late.voided and o.ready_at > late.looked and o.ready_at < 'infinity'
    then ceil(extract(epoch from o.ready_at - late.looked) * 1000)::int end as "remainingMs"
from (${rows}) o cross join lateral (
  select o.kind = 'authorize' and exists (
    select from bank.operations v where v.payment = o.payment and v.kind = 'void' and v.created_at < o.ready_at
  ) as voided, clock_timestamp() as looked offset 0
) late`

const STANDING =
  'select s.* from asked a cross join lateral (select * from bank.operations where key = a.key offset 0) s'

// Inserted in one order, so that groups which share keys wait for each other in one direction. A rival's line that was
// committed after this statement began is neither written nor seen: its key is missing from the answer.
const WRITE: Statement = {
  name: 'bank_write',
  text: `
with asked as materialized (
  select * from unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::text[],
    $6::text[], $7::text[], $8::text[], $9::int[])
    as a (key, kind, payment, amount, currency, outcome, description, bank_ref, delay_ms)
), ruled as (
  select a.*, b.line, case
      when a.kind = 'capture' and b.captured > 0 then 'The payment is captured already'
      when a.kind = 'capture' and a.amount > b.authorized - b.voided - b.refunded
        then 'The capture is more than what is authorized'
      when a.kind = 'refund'
        and a.amount > case when b.captured > 0 then b.captured else b.authorized - b.voided end - b.refunded
        then 'The refund is more than what was charged'
    end as refusal
  from asked a cross join lateral (
    select coalesce(max(line), 0) + 1 as line,
      coalesce(sum(amount) filter (
        where kind = 'authorize' and outcome = 'approved' and ready_at <= least(now(), void.first)), 0) as authorized,
      coalesce(sum(amount) filter (where kind = 'capture' and outcome = 'approved'), 0) as captured,
      coalesce(sum(amount) filter (where kind = 'void'), 0) as voided,
      coalesce(sum(amount) filter (where kind = 'refund' and outcome = 'approved'), 0) as refunded
    from bank.operations cross join (
      select min(created_at) as first from bank.operations where payment = a.payment and kind = 'void'
    ) void
    where payment = a.payment
  ) b
), written as (
  insert into bank.operations
    (key, kind, payment, line, amount, currency, outcome, error_description, bank_ref, ready_at)
  select key, kind, payment, line, amount, currency, case when refusal is null then outcome else 'declined' end,
    coalesce(refusal, description), bank_ref,
    case when refusal is not null then now() when outcome = 'silent' then 'infinity'
      else now() + delay_ms * interval '1 ms' end
  from ruled order by payment, key
  on conflict do nothing
  returning *
)
${entries(`select * from written union all ${STANDING}`)}`,
}

const FIND: Statement = {
  name: 'bank_find',
  text: `with asked as materialized (select * from unnest($1::text[]) as a (key)) ${entries(STANDING)}`,
}

const OF: Statement = {
  name: 'bank_of',
  text: `${entries('select * from bank.operations where payment = $1')} order by o.line`,
}

export function books(database: Pick<Database, 'run'>): Books {
  return {
    write: (drafts) => write(database, drafts),
    find: async (keys) => {
      const found = byKey(await database.run<Entry>(FIND, [keys]))
      return keys.map((key) => found.get(key) ?? null)
    },
    of: (payment) => database.run<Entry>(OF, [payment]),
  }
}

async function write(database: Pick<Database, 'run'>, drafts: Draft[]): Promise<Entry[]> {
  const standing = new Map<string, Entry>()
  let left = drafts
  // Of the drafts for one payment every round writes one at least, or a rival has written one.
  for (let rounds = drafts.length + ROUNDS_LOST; left.length > 0; rounds--) {
    if (rounds === 0) throw new Error('the bank is busy with this payment: ask again under the same key')
    for (const [key, entry] of byKey(await database.run<Entry>(WRITE, columns(left)))) standing.set(key, entry)
    left = left.filter(({ key }) => !standing.has(key))
  }
  return drafts.map(({ key }) => standing.get(key) as Entry)
}

function columns(drafts: Draft[]): unknown[] {
  const column = (name: keyof Draft) => drafts.map((draft) => draft[name])
  const names = [
    'key',
    'kind',
    'payment',
    'amount',
    'currency',
    'outcome',
    'description',
    'bankRef',
    'delayMs',
  ] as const
  return names.map(column)
}

function byKey(entries: Entry[]): Map<string, Entry> {
  return new Map(entries.map((entry) => [entry.key, entry]))
}
