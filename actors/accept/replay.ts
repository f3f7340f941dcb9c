/**
 * What an idempotency key stands for, whoever holds it and in whatever process: a stored answer, or the command to wait for.
 */
import type { Database, Statement } from '../../schema/database.ts'
import type { Replay } from '../accept.ts'

/** $1: merchant, $2: key. */
export const replayKey: Statement = {
  name: 'replay_key',
  text: `
select k.fingerprint, k.object_id, k.created_at, k.status, k.response, k.actor_id, k.command_id, b.kind, b.seq, b.result
from idempotency_keys k left join lateral (
  select q.kind, q.seq, q.result from inbox q where q.actor_id = k.actor_id and q.command_id = k.command_id offset 0
) b on true
where k.merchant_id = $1::uuid and k.key = $2::text`,
}

interface KeyRow {
  fingerprint: Buffer
  created_at: Date
  object_id: string
  status: number | null
  response: string | null
  actor_id: string | null
  command_id: string | null
  kind: 'payment' | 'delivery' | 'replay' | null
  seq: number | null
  result: unknown
}

export async function findReplay(database: Database, merchantId: string, key: string): Promise<Replay | null> {
  const [row] = await database.run<KeyRow>(replayKey, [merchantId, key])
  if (!row) return null
  const { fingerprint, object_id: objectId, status, response } = row
  return { fingerprint, objectId, createdAt: row.created_at.toISOString(), status, response, command: toCommand(row) }
}

function toCommand({ actor_id, command_id, kind, seq, result }: KeyRow): Replay['command'] {
  if (actor_id === null || command_id === null || kind === null || seq === null) return null
  return { actorId: actor_id, kind, id: command_id, seq, result }
}
