/** Webhooks as the pages read them: where they go, how each delivery went, and how to send one again. */
import { query } from '@solidjs/router'
import { get, type Params, post, put } from './api.ts'
import type { Page, Webhook, WebhookConfig, WebhookDetails, WebhookSummary } from './types.ts'

const PATH = '/api/v1/webhooks'
/** A payment has an event for each of its steps, and a delivery of each for every endpoint. */
const OF_A_PAYMENT = 100

export const readWebhooks = query((params: Params) => get<Page<Webhook>>(PATH, params), 'webhooks')
export const readWebhookSummary = query(
  (params: Params) => get<WebhookSummary>(`${PATH}/summary`, params),
  'webhook summary',
)
export const readWebhook = query((id: string) => get<WebhookDetails>(`${PATH}/${id}`), 'webhook')
export const readWebhookConfig = query(() => get<WebhookConfig>(`${PATH}/config`), 'webhook config')
/** In the order of what they tell. */
export const readDeliveriesOf = query(
  (paymentId: string) =>
    get<Page<Webhook>>(PATH, { payment_id: paymentId, limit: OF_A_PAYMENT }).then(({ data }) =>
      data.toSorted((a, b) => a.sequence - b.sequence),
    ),
  'deliveries of a payment',
)

export function retry(id: string): Promise<{ id: string }> {
  return post(`${PATH}/${id}/retry`)
}

export function saveUrl(url: string | null): Promise<WebhookConfig> {
  return put(`${PATH}/config`, { webhook_url: url })
}

export function regenerateSecret(): Promise<{ webhook_secret: string; previous_secret_expires_at: string }> {
  return post(`${PATH}/secret/regenerate`)
}

export function sendTest(): Promise<{ id: string }> {
  return post(`${PATH}/test`)
}

/** The host of where an event goes. */
export function hostOf(url: string | null): string {
  return url && URL.canParse(url) ? new URL(url).host : (url ?? 'endpoint removed')
}
