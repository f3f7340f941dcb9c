/** The gateway's client for Node: typed, without dependencies. */
export { Gateway } from './client.ts'
export { GatewayRefusal, GatewayUnreachable } from './errors.ts'
export type { Page } from './pages.ts'
export type { StreamOptions } from './stream.ts'
export type { CallOptions, GatewayOptions } from './transport.ts'
export type * from './types.ts'
export { type VerifyOptions, verifyWebhook, type WebhookEvent, WebhookNotVerified } from './webhooks.ts'
