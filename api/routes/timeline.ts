/** A payment's timeline: what its actor did and why, as the flight recorder has it. */
import type { JournalEntry } from '../../actors/index.ts'
import type { App } from '../app.ts'
import { failures, ref } from '../components.ts'
import { findPayment } from '../payment-rows.ts'
import { PaymentParams } from '../schemas.ts'
import type { Services } from '../services.ts'
import { timeline } from '../timeline.ts'

/** Rows of each source at most; the oldest first, for there everything began. */
const ROWS = 1_000

export function timelineRoutes(app: App, { database }: Services): void {
  app.get(
    '/api/v1/payments/:id/timeline',
    {
      schema: {
        tags: ['payments'],
        summary: 'Everything that happened to a payment, in order',
        params: PaymentParams,
        response: { 200: ref('Timeline'), ...failures },
      },
    },
    async ({ merchant, params: { id } }) => {
      const payment = await findPayment(database, merchant.id, id)
      const [journal, events, attempts] = await Promise.all([
        database.kysely
          .selectFrom('journal')
          .select(['version', 'entry', 'at'])
          .where('actor_id', '=', id)
          .orderBy('version')
          .limit(ROWS)
          .execute(),
        database.kysely
          .selectFrom('events')
          .select(['id', 'type', 'sequence', 'created_at'])
          .where('payment_id', '=', id)
          .orderBy('sequence')
          .limit(ROWS)
          .execute(),
        database.kysely
          .selectFrom('webhook_deliveries as d')
          .innerJoin('webhook_attempts as a', 'a.delivery_id', 'd.id')
          .select(['a.delivery_id', 'd.event_id', 'd.endpoint_id', 'd.type', 'a.attempt', 'a.at', 'a.duration_ms'])
          .select(['a.response_code', 'a.error'])
          .where('d.payment_id', '=', id)
          .orderBy('a.at')
          .limit(ROWS)
          .execute(),
      ])
      const turns = journal.map(({ entry, ...row }) => ({ ...row, entry: entry as unknown as JournalEntry }))
      return { data: timeline({ payment, journal: turns, events, attempts }) }
    },
  )
}
