/** The promises of the last day, counted while one watches. Part of the demo's chaos corner. */
import { Type } from 'typebox'
import { wallMs } from '../../actors/index.ts'
import type { App } from '../app.ts'
import { failures } from '../components.ts'
import { costlyCache } from '../counts.ts'
import { checkInvariants, type Invariant } from '../invariants.ts'
import type { Services } from '../services.ts'

const Checked = Type.Object({
  checked_at: Type.String({ format: 'date-time' }),
  invariants: Type.Array(
    Type.Object({ name: Type.String(), holds: Type.Boolean(), broken: Type.Integer(), of: Type.Integer() }),
  ),
})

export function invariantRoutes(app: App, { database, chaos }: Services): void {
  if (chaos === null) return
  const checks = costlyCache<{ checked_at: string; invariants: Invariant[] }>(
    async () => ({ invariants: await checkInvariants(database), checked_at: new Date(wallMs()).toISOString() }),
    1,
  )

  app.get(
    '/api/v1/chaos/invariants',
    {
      schema: {
        tags: ['chaos'],
        summary: 'What must hold of every payment, counted over the last day',
        security: [{ operator: [] }],
        response: { 200: Checked, ...failures },
      },
    },
    async () => (await checks.read('all')) ?? { checked_at: new Date(wallMs()).toISOString(), invariants: [] },
  )
}
