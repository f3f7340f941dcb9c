/** Very many open payments at once, as a busy month leaves them: asked of the bank, and to be inquired about in a while. */
import { TEST_MERCHANT_ID } from '../../schema/seed.ts'
import type { Gateway } from './gateway.ts'

const ROWS_A_STATEMENT = 100_000

/** Their timers are due in `dueInMs`, spread over ten seconds. They were created one by one in the past, one a millisecond. */
export async function insertOpenPayments(gateway: Gateway, count: number, dueInMs: number): Promise<void> {
  for (let from = 0; from < count; from += ROWS_A_STATEMENT) {
    const rows = Math.min(ROWS_A_STATEMENT, count - from)
    await gateway.query(INSERT, [TEST_MERCHANT_ID, from, rows, dueInMs])
  }
  await gateway.query('vacuum analyze payments')
}

/** Ids look as ours do: sixteen characters without an order. */
const ID = `'pay_' || substr(translate(encode(sha256(n::text::bytea), 'base64'), '+/=', 'xyz'), 1, 16)`

/** Writes one command to each of so many payments, drawn from all `among`. Answers their ids. Nobody is told yet. */
export async function insertCommands(gateway: Gateway, count: number, among: number): Promise<string[]> {
  const rows = await gateway.query<{ id: string }>(COMMANDS, [TEST_MERCHANT_ID, count, among])
  return rows.map(({ id }) => id)
}

/** A callback of the bank about an operation that nobody knows: a whole turn that notes it, and changes nothing. */
const COMMANDS = `
with asked as (select distinct ${ID} as id from (select floor(random() * $3::int)::int as n from generate_series(1, $2::int)) drawn),
numbered as (
  insert into mailboxes as m (actor_id, next_seq) select id, 2 from asked
  on conflict (actor_id) do update set next_seq = m.next_seq + 1 returning actor_id, next_seq - 1 as seq
)
insert into inbox (actor_id, seq, kind, command_id, merchant_id, command, body)
select actor_id, seq, 'payment', gen_random_uuid(), $1::uuid, 'bank_answer', '{"key": "of nobody"}' from numbered
returning actor_id as id`

const INSERT = `
insert into payments (id, merchant_id, order_id, amount, currency, method, vpa, instrument, created_at, updated_at, version, timers, wake_at)
select ${ID}, $1::uuid, 'ord_test_001', 50000, 'INR',
  'upi', 'payer@bank', 'payer@bank', at, at, 1, jsonb_build_object('inquire', floor(extract(epoch from due) * 1000)), due
from (
  select n, now() - interval '1 day' + n * interval '1 ms' as at,
    date_trunc('milliseconds', now()) + ($4::int + n % 10000) * interval '1 ms' as due
  from generate_series($2::int, $2::int + $3::int - 1) as n
) rows`
