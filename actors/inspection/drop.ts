/**
 * The operator's last resort for a parked actor: its head command is replaced by one that does nothing but say why, so the actor
 * itself sets it aside in a turn, with the reason in its journal. The inbox is the API's to write; the row stays under its number.
 *
 * A timer can't be dropped: it is what a payment still owes, and without it the payment would never end.
 */
import { DROPPED, type DroppedCommand } from '../../runtime/actor.ts'
import type { Database } from '../../schema/database.ts'
import { fromStore } from '../away.ts'
import type { ActorInPostgres } from './truth.ts'

export type Head = { kind: 'timer'; name: string } | { kind: 'command'; name: string; seq: number } | null

/** What the next turn begins with: the earliest timer that is due, else the first command. */
export function headOf({ timers, commands }: ActorInPostgres): Head {
  const [timer] = Object.entries(timers)
    .filter(([, inMs]) => inMs <= 0)
    .sort(([a, inA], [b, inB]) => inA - inB || (a < b ? -1 : 1))
  if (timer) return { kind: 'timer', name: timer[0] }
  const [command] = commands
  return command ? { kind: 'command', name: command.name, seq: command.seq } : null
}

/** False when the command was handled meanwhile. Throws StoreAway. */
export async function dropCommand(
  database: Database,
  actorId: string,
  seq: number,
  { name, reason }: { name: string; reason: string },
): Promise<boolean> {
  const error = { code: 'CONFLICT_ERROR', description: `The operator has dropped this command: ${reason}` }
  const dropped: DroppedCommand = { name, reason, result: { status: 409, body: { error } } }
  const result = await fromStore(() =>
    database.kysely
      .updateTable('inbox')
      .set({ command: DROPPED, body: JSON.stringify(dropped) })
      .where('actor_id', '=', actorId)
      .where('seq', '=', seq)
      .where('handled_at', 'is', null)
      .executeTakeFirst(),
  )
  return result.numUpdatedRows > 0n
}
