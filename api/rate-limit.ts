/**
 * How much one caller may ask for. Who has a key is counted by it, everybody else by address; together over all API processes, in Redis.
 *
 * It fails open: without Redis nothing can be counted, and a gateway that refuses payments for that would be its own attacker. A caller
 * without a limit - test merchants, unless RATE_LIMIT is set - costs no look-up at all.
 */
import rateLimit, { normalizeIP } from '@fastify/rate-limit'
import type { FastifyRequest } from 'fastify'
import { GatewayError } from '../schema/errors.ts'
import type { App } from './app.ts'

export interface RateLimitOptions {
  /** Requests a second and caller, 0: any number; null: any number for test merchants, else 500. */
  perSecond: number | null
  /** A connection to Redis for the counters; null: this process counts alone. */
  redis: object | null
}

const DEFAULT_PER_SECOND = 500
const WINDOW_MS = 1_000
const NAMESPACE = 'limit:'

/** Requests a second that a merchant's key may make, 0: any number. */
export function limitOfMerchant(
  { perSecond }: RateLimitOptions,
  merchant: { test: boolean } | null | undefined,
): number {
  return perSecond ?? (merchant?.test ? 0 : DEFAULT_PER_SECOND)
}

/** A check of who is calling, as a hook. */
export type Check = (request: FastifyRequest) => Promise<void>

/**
 * Limits every route that is registered from here on, but those with `config: { rateLimit: false }`. Answers what makes of a check of who
 * is calling one that counts the strangers it turns away: whoever tries keys is slowed down by address.
 */
export async function limitRates(app: App, options: RateLimitOptions): Promise<(check: Check) => Check> {
  const { perSecond, redis } = options
  const limitOf = (request: FastifyRequest) => limitOfMerchant(options, request.merchant)
  await app.register(rateLimit, {
    timeWindow: WINDOW_MS,
    max: limitOf,
    allowList: (request: FastifyRequest) => limitOf(request) === 0,
    keyGenerator: callerOf,
    errorResponseBuilder: (_request, { max, ttl }) => exceeded(max, ttl),
    enableDraftSpec: true,
    skipOnError: true,
    nameSpace: NAMESPACE,
    ...(redis ? { redis } : {}),
  })
  const count = app.createRateLimit({ keyGenerator: addressOf, max: perSecond ?? DEFAULT_PER_SECOND, allowList: [] })
  return (check) => async (request) => {
    try {
      await check(request)
    } catch (error) {
      if (perSecond !== 0 && error instanceof GatewayError && error.code === 'AUTHENTICATION_ERROR') {
        const counted = await count(request)
        if (!counted.isAllowed && counted.isExceeded) throw exceeded(counted.max, counted.ttl)
      }
      throw error
    }
  }
}

function callerOf(request: FastifyRequest): string {
  const { caller } = request
  if (!caller) return addressOf(request)
  return caller.name === 'session' ? `session:${caller.merchant?.id ?? 'operator'}` : `key:${caller.name}`
}

/** Of IPv6, the network: one host may have as many addresses as it likes. */
function addressOf({ ip }: FastifyRequest): string {
  return `address:${normalizeIP(ip)}`
}

function exceeded(max: number, ttlMs: number): GatewayError {
  return new GatewayError('RATE_LIMIT_ERROR', `At most ${max} requests a second. Nothing was done: try again.`, {
    retryAfterSeconds: Math.max(1, Math.ceil(ttlMs / 1_000)),
  })
}
