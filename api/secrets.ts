/** Webhook secrets, made here and kept sealed: a merchant may see its own again, because its receiver needs the very text. */
import { randomBytes } from 'node:crypto'

/** How long the secret before goes on signing beside the new one. */
export const SECRET_GRACE_HOURS = 24

/** `whsec_` and the base64 of 32 bytes, the form of Standard Webhooks. */
export function newWebhookSecret(): string {
  return `whsec_${randomBytes(32).toString('base64')}`
}
