/** The last turns of all actors, newest first: what the workers did a moment ago, and for whom. For the operator. */
import { type Selectable, sql } from 'kysely'
import { Type } from 'typebox'
import type { JournalEntry } from '../../actors/index.ts'
import type { JournalTable } from '../../schema/tables.ts'
import type { App } from '../app.ts'
import { failures, ref } from '../components.ts'
import { oneOf } from '../schemas.ts'
import type { Services } from '../services.ts'

const LIMIT = 50
/** Looked at first; on a quiet gateway the same, back to the beginning. */
const RECENT = '5 minutes'

const JobsQuery = Type.Object({
  failed: Type.Optional(oneOf('true', 'false')),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: LIMIT })),
})

type Row = Pick<Selectable<JournalTable>, 'actor_id' | 'version' | 'entry' | 'at'>

export function jobRoutes(app: App, { database }: Services): void {
  const last = async (since: string, failed: boolean, limit: number): Promise<Row[]> => {
    const { rows } = await sql<Row>`
      select actor_id, version, entry, at from journal
      where at > now() - ${since}::interval and (${!failed} or entry ? 'error') order by at desc limit ${limit}
    `.execute(database.kysely)
    return rows
  }

  app.get(
    '/api/v1/jobs',
    {
      schema: {
        tags: ['operator'],
        summary: 'The last turns, newest first',
        security: [{ operator: [] }],
        querystring: JobsQuery,
        response: { 200: ref('Jobs'), ...failures },
      },
    },
    async ({ query: { failed, limit = LIMIT } }) => {
      const only = failed === 'true'
      const recent = await last(RECENT, only, limit)
      const rows = recent.length < limit ? await last('30 days', only, limit) : recent
      return { data: rows.map(jobView) }
    },
  )
}

function jobView({ actor_id, version, entry, at }: Row) {
  const { messages, worker, took, save, changed, notes = [], scheduled, error } = entry as unknown as JournalEntry
  return {
    id: `${actor_id}:${version}`,
    at: at.toISOString(),
    actor_id,
    version,
    worker,
    took_ms: took,
    /** Written in the middle of a turn: what the actor is about to do. */
    intent: save === true,
    messages: messages.map(({ kind, name }) => ({ kind, name })),
    changed: changed ?? null,
    notes: notes.map(({ kind, name, took: ms, detail }) => ({ kind, name, took_ms: ms ?? null, detail: detail ?? {} })),
    timers: Object.keys(scheduled ?? {}),
    error: error ?? null,
  }
}
