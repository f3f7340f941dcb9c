/** The gauntlet: shows a merchant how its receiver stands what receivers meet. */
import { Type } from 'typebox'
import { runGauntlet, wallMs } from '../../actors/index.ts'
import type { App } from '../app.ts'
import { failures, ref } from '../components.ts'
import { EndpointParams, nullable } from '../schemas.ts'
import type { Services } from '../services.ts'
import { endpointView, findEndpoint } from '../webhook-endpoints.ts'

/** Two calls in a row of five seconds each, and a little. */
const PATIENCE_MS = 15_000

export function webhookGauntletRoutes(app: App, { database, vault, dialler }: Services): void {
  app.post(
    '/api/v1/webhook_endpoints/:id/gauntlet',
    {
      schema: {
        tags: ['webhook endpoints'],
        summary: 'Send six webhooks, good and bad ones, and see which are handled rightly',
        params: EndpointParams,
        body: nullable(Type.Object({})),
        response: { 200: ref('Gauntlet'), ...failures },
      },
    },
    async ({ merchant, params }) => {
      const row = await findEndpoint(database, merchant.id, params.id)
      const { url, secret, headers, timeout_ms: timeoutMs } = endpointView(row, vault)
      const signingKey = row.signing_key && vault.open(row.signing_key)
      const target = { merchantId: merchant.id, url, secrets: [secret], headers, timeoutMs, signingKey }
      const trials = await runGauntlet(target, dialler, wallMs(), AbortSignal.timeout(PATIENCE_MS))
      return { endpoint_id: row.id, passed: trials.every(({ passed }) => passed), trials }
    },
  )
}
