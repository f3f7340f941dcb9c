/**
 * Accepting commands: a number in the actor's mailbox and a row in its inbox. The number is dense and given out under the row lock on
 * `mailboxes`, held to the commit, so the order of commits is the order of numbers and no snapshot can see 5 without 4. A sequence
 * would lose commands: 11 commits, is handled, and then 10 commits, behind the actor's back.
 *
 * It locks no payment: a worker's commit never waits for the API, nor the API for a worker.
 */
import type { Database, Statement } from '../../schema/database.ts'
import type { CommandOutcome, IdempotencyKey, NewCommand } from '../accept.ts'
import { isDeliveryId } from '../delivery/store.ts'
import { bytea } from './creation.ts'

/** Unhandled commands that one actor may have. Decided in the statement, by its snapshot: a rival's may come on top. */
export const MAILBOX_CAP = 1000

export interface KeyedCommand {
  command: NewCommand
  key: IdempotencyKey | null
}

/**
 * The merchant is compared outside of the look-up: inside it PostgreSQL 18 would search the index of the merchant's list, skipping over
 * all of its rows. $1: the group as JSON, $2: the cap. Answers every command but those that lost
 * their key to a rival.
 */
export const acceptCommands: Statement = {
  name: 'accept_commands',
  text: `
with i as materialized (
  select * from jsonb_to_recordset($1::jsonb) as t (n int, actor_id text, kind text, merchant_id uuid, command_id uuid, command text,
    body jsonb, reply_to text, object_id text, key text, fingerprint bytea)
), seen as materialized (
  select i.*, a.last_seq is not null as found,
    coalesce(m.next_seq - 1, 0) - a.last_seq + row_number() over (partition by i.merchant_id, i.actor_id order by i.n) <= $2::int as fits
  from i
  left join lateral (
    select p.last_seq, p.merchant_id from payments p where i.kind = 'payment' and p.id = i.actor_id
    union all
    select d.last_seq, d.merchant_id from webhook_deliveries d
    where i.kind = 'delivery' and d.id = case when i.kind = 'delivery' then i.actor_id::uuid end
    union all
    select r.last_seq, r.merchant_id from webhook_replays r where i.kind = 'replay' and r.id = i.actor_id
    offset 0
  ) a on a.merchant_id = i.merchant_id
  left join lateral (select q.next_seq from mailboxes q where q.actor_id = i.actor_id offset 0) m on true
), taken as (
  insert into idempotency_keys (merchant_id, key, fingerprint, object_id, actor_id, command_id)
  select merchant_id, key, fingerprint, object_id, actor_id, command_id from seen where found and fits and key is not null
  order by merchant_id, key
  on conflict do nothing returning command_id
), accepted as materialized (
  select *, row_number() over (partition by actor_id order by n) as place, count(*) over (partition by actor_id) as size
  from seen where found and fits and (key is null or command_id in (select command_id from taken))
), numbered as (
  insert into mailboxes as m (actor_id, next_seq)
  select actor_id, count(*) + 1 from accepted group by actor_id order by actor_id
  on conflict (actor_id) do update set next_seq = m.next_seq + excluded.next_seq - 1
  returning actor_id, next_seq
), written as (
  insert into inbox (actor_id, seq, kind, command_id, merchant_id, command, body, reply_to)
  select a.actor_id, numbered.next_seq - 1 - a.size + a.place, a.kind, a.command_id, a.merchant_id, a.command, a.body, a.reply_to
  from accepted a join numbered using (actor_id) order by a.actor_id, a.place
  returning command_id, seq
)
select command_id, 'accepted' as outcome, seq from written
union all select command_id, case when found then 'full' else 'not_found' end, null from seen where (found and fits) is not true`,
}

interface Answer {
  command_id: string
  outcome: 'accepted' | 'full' | 'not_found'
  seq: number | null
}

export async function insertCommands(database: Database, group: KeyedCommand[]): Promise<CommandOutcome[]> {
  const rows = group.filter(({ command }) => canExist(command)).map(commandColumns)
  const answers = await database.run<Answer>(acceptCommands, [JSON.stringify(rows), MAILBOX_CAP])
  const outcomes = new Map(answers.map((answer) => [answer.command_id, toOutcome(answer)]))
  return group.map(({ command }) => {
    if (!canExist(command)) return { outcome: 'not_found' }
    return outcomes.get(command.commandId) ?? { outcome: 'rival' }
  })
}

/** An id that no delivery can have would fail the cast to uuid, and with it the whole group. */
function canExist(command: NewCommand): boolean {
  return command.kind !== 'delivery' || isDeliveryId(command.actorId)
}

function toOutcome({ outcome, seq }: Answer): CommandOutcome {
  return outcome === 'accepted' ? { outcome, seq: seq as number } : { outcome }
}

function commandColumns({ command, key }: KeyedCommand, n: number) {
  return {
    n,
    actor_id: command.actorId,
    kind: command.kind,
    merchant_id: command.merchantId,
    command_id: command.commandId,
    command: command.name,
    body: command.body,
    reply_to: command.replyTo,
    object_id: command.objectId,
    key: key?.key ?? null,
    fingerprint: key && bytea(key.fingerprint),
  }
}
