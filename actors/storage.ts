/**
 * The truth as the runtime asks for it: a store a kind, who is owed a turn, and what came of commands.
 */
import { type Address, parseAddress } from '../runtime/address.ts'
import type { Storage } from '../runtime/storage.ts'
import type { Database, Statement } from '../schema/database.ts'
import { fromStore } from './away.ts'
import { deliveryStore } from './delivery/store.ts'
import { owedPage } from './owed.ts'
import { paymentStore } from './payment/store.ts'
import { replayStore } from './replay/store.ts'

export function gatewayStorage(database: Database): Storage {
  return {
    stores: { payment: paymentStore(database), delivery: deliveryStore(database), replay: replayStore(database) },
    owed: (query) => fromStore(() => owedPage(database, query)),
    answers: (commands) => fromStore(() => findAnswers(database, commands)),
  }
}

/** $1: ids, $2: numbers. Answers the places of those that are decided. */
export const answeredCommands: Statement = {
  name: 'answered_commands',
  text: `
select i.n - 1 as n, b.result
from unnest($1::text[], $2::int[]) with ordinality as i (actor_id, seq, n)
cross join lateral (
  select result from inbox q where q.actor_id = i.actor_id and q.seq = i.seq and q.handled_at is not null offset 0
) b`,
}

type Asked = { address: Address; seq: number }

async function findAnswers(database: Database, commands: Asked[]): Promise<(Asked & { result: unknown })[]> {
  const ids = commands.map(({ address }) => parseAddress(address).id)
  const seqs = commands.map(({ seq }) => seq)
  const rows = await database.run<{ n: number; result: unknown }>(answeredCommands, [ids, seqs])
  return rows.map(({ n, result }) => ({ ...(commands[n] as Asked), result }))
}
