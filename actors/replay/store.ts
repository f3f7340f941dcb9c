/** The replays' half of the truth: rows to states and back. */
import type { Selectable } from 'kysely'
import type { Loaded, Store } from '../../runtime/storage.ts'
import type { Database } from '../../schema/database.ts'
import type { WebhookReplaysTable } from '../../schema/tables.ts'
import { fromStore } from '../away.ts'
import { commitGroup } from '../commit.ts'
import { isoTime, type LoadedRow, loadedFrom } from '../load.ts'
import type { ReplayRow, WebhookReplay } from './state.ts'
import { commitReplays, loadReplays } from './statements.ts'

type Row = Selectable<WebhookReplaysTable> & LoadedRow

export function replayStore(database: Database): Store<WebhookReplay, ReplayRow> {
  return {
    load: async (ids) => (await fromStore(() => database.run<Row>(loadReplays, [ids]))).map(toLoaded),
    commit: (group) =>
      commitGroup(database, commitReplays, group, ({ state, rows }) => ({
        ...mutableColumns(state),
        place: state.place,
        ended_at: state.endedAt,
        started_over: rows.flatMap((row) => ('deliveryId' in row ? [row.deliveryId] : [])),
        born: rows.filter((row) => 'eventId' in row),
      })),
    facts: mutableColumns,
  }
}

function mutableColumns({ status, replayed }: WebhookReplay) {
  return { status, replayed }
}

function toLoaded(row: Row): Loaded<WebhookReplay> {
  const state: WebhookReplay = {
    id: row.id,
    merchantId: row.merchant_id,
    source: row.source,
    endpointId: row.endpoint_id,
    selected: row.selected,
    since: row.since && isoTime(row.since),
    until: row.until && isoTime(row.until),
    rate: row.rate,
    status: row.status,
    replayed: row.replayed,
    place: row.place,
    endedAt: row.ended_at && isoTime(row.ended_at),
  }
  return { ...loadedFrom(row), state }
}
