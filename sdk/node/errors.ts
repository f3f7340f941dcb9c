/** What can go wrong with a call: the gateway refused it, or could not be reached. */

export interface Refusal {
  status: number
  code: string
  description: string
  field?: string
  reason?: string
  requestId?: string
}

/** The gateway refused the call, and says why. Trying the same again will not help, but for the codes that say so. */
export class GatewayRefusal extends Error implements Refusal {
  override name = 'GatewayRefusal'
  readonly status: number
  /** `BAD_REQUEST_ERROR`, `NOT_FOUND_ERROR`, `CONFLICT_ERROR`, ... */
  readonly code: string
  readonly description: string
  /** The field of the request that is wrong. */
  readonly field?: string
  readonly reason?: string
  /** Quote it when you report a failure. */
  readonly requestId?: string

  constructor({ status, code, description, field, reason, requestId }: Refusal) {
    super(`${code}: ${description}`)
    this.status = status
    this.code = code
    this.description = description
    if (field !== undefined) this.field = field
    if (reason !== undefined) this.reason = reason
    if (requestId !== undefined) this.requestId = requestId
  }
}

/** No answer came, after all tries. Of a POST: it ran once or not at all, and the same idempotency key tells which. */
export class GatewayUnreachable extends Error {
  override name = 'GatewayUnreachable'
  /** Under this key the call can be made again, by another process too; null for calls that need none. */
  readonly idempotencyKey: string | null

  constructor(message: string, idempotencyKey: string | null, cause: unknown) {
    super(message, { cause })
    this.idempotencyKey = idempotencyKey
  }
}
