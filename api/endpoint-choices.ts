/** What a merchant may choose for an endpoint, as a request says it and as the table keeps it. The rules: actors/webhooks/endpoint-policy.ts. */
import { type Static, Type } from 'typebox'
import {
  checkEvents,
  checkHeaders,
  checkIntervals,
  checkUrl,
  LONG_SCHEDULE,
  MAX_RATE,
  MAX_TIMEOUT_MS,
  MAX_URL_LENGTH,
  MIN_TIMEOUT_MS,
  newSigningKey,
} from '../actors/index.ts'
import type { Vault } from '../schema/secrets.ts'
import { nullable, oneOf } from './schemas.ts'

const choices = {
  description: Type.Optional(nullable(Type.String({ maxLength: 255 }))),
  events: Type.Optional(
    Type.Array(Type.String({ maxLength: 64 }), {
      minItems: 1,
      maxItems: 32,
      'x-allowed': 'a list of 1 to 32 events, such as payment.success, payment.* or *',
    }),
  ),
  status: Type.Optional(oneOf('enabled', 'disabled')),
  retry_intervals: Type.Optional(
    Type.Union([Type.Array(Type.Integer()), Type.Literal(LONG_SCHEDULE), Type.Null()], {
      description: `Seconds from one attempt to the next, spread by up to 20 %; "${LONG_SCHEDULE}": ten attempts in three days; null: the gateway's own`,
      'x-allowed': `a list of whole seconds, "${LONG_SCHEDULE}" or null`,
    }),
  ),
  timeout_ms: Type.Optional(Type.Integer({ minimum: MIN_TIMEOUT_MS, maximum: MAX_TIMEOUT_MS })),
  headers: Type.Optional(
    nullable(
      Type.Record(Type.String(), Type.String(), { description: 'Sent beside our own; kept encrypted, hidden in logs' }),
    ),
  ),
  ordered: Type.Optional(
    Type.Boolean({ description: "A payment's next event waits until the one before is delivered or given up" }),
  ),
  rate_limit: Type.Optional(nullable(Type.Integer({ minimum: 1, maximum: MAX_RATE, description: 'Calls a second' }))),
  asymmetric: Type.Optional(
    Type.Boolean({
      description: 'Sign with ed25519 as well (v1a); GET .../public has the key. On again makes a new key',
    }),
  ),
}
const url = Type.String({
  minLength: 1,
  maxLength: MAX_URL_LENGTH,
  'x-allowed': `an http or https URL of at most ${MAX_URL_LENGTH} characters`,
})

export const NewEndpointBody = Type.Object({ url, ...choices })
export const EndpointBody = Type.Object({ url: Type.Optional(url), ...choices })

export interface EndpointColumns {
  url: string
  description: string | null
  events: string[]
  enabled: boolean
  disabled_reason: 'merchant' | null
  retry_intervals: number[] | null
  timeout_ms: number
  headers: Buffer | null
  ordered: boolean
  rate_limit: number | null
  signing_key: Buffer | null
}

export const DEFAULTS: Omit<EndpointColumns, 'url'> = {
  description: null,
  events: ['*'],
  enabled: true,
  disabled_reason: null,
  retry_intervals: null,
  timeout_ms: 5_000,
  headers: null,
  ordered: false,
  rate_limit: null,
  signing_key: null,
}

/** The columns of what the request names, and of nothing else. Throws a BAD_REQUEST_ERROR. */
export function columnsOf(body: Static<typeof EndpointBody>, vault: Vault): Partial<EndpointColumns> {
  const { url, description, events, status, retry_intervals, timeout_ms, headers, ordered, rate_limit, asymmetric } =
    body
  const chosen = headers ? checkHeaders(headers) : null
  return {
    ...(url === undefined ? {} : { url: checkUrl(url) }),
    ...(description === undefined ? {} : { description }),
    ...(events === undefined ? {} : { events: checkEvents(events) }),
    ...(status === undefined
      ? {}
      : { enabled: status === 'enabled', disabled_reason: status === 'enabled' ? null : 'merchant' }),
    ...(retry_intervals === undefined ? {} : { retry_intervals: checkIntervals(retry_intervals) }),
    ...(timeout_ms === undefined ? {} : { timeout_ms }),
    ...(headers === undefined ? {} : { headers: chosen && vault.seal(JSON.stringify(chosen)) }),
    ...(ordered === undefined ? {} : { ordered }),
    ...(rate_limit === undefined ? {} : { rate_limit }),
    ...(asymmetric === undefined ? {} : { signing_key: asymmetric ? vault.seal(newSigningKey()) : null }),
  }
}
