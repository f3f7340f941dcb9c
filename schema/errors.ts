/**
 * The one error that is meant for the caller of the API. Its code and description are the contract's words; it names the
 * field and the reason where they help. Whatever is thrown that is not one of these is the gateway's own fault: SERVER_ERROR.
 */

const STATUS_OF_CODE = {
  BAD_REQUEST_ERROR: 400,
  INVALID_VPA: 400,
  INVALID_CARD: 400,
  EXPIRED_CARD: 400,
  AUTHENTICATION_ERROR: 401,
  AUTHORIZATION_ERROR: 403,
  NOT_FOUND_ERROR: 404,
  CONFLICT_ERROR: 409,
  RATE_LIMIT_ERROR: 429,
  SERVER_ERROR: 500,
} as const

export type ErrorCode = keyof typeof STATUS_OF_CODE

export interface ErrorDetails {
  /** The field of the request that is wrong, as the caller spelled it. */
  field?: string
  /** Which rule was broken, in a machine's words, for clients that want to tell cases of one code apart. */
  reason?: string
  /** Instead of the code's own status: 413 or 415 for a BAD_REQUEST_ERROR, 503 for a SERVER_ERROR. */
  status?: number
  /** Whole seconds after which trying again makes sense. */
  retryAfterSeconds?: number
  cause?: unknown
}

export class GatewayError extends Error {
  override name = 'GatewayError'
  readonly code: ErrorCode
  readonly status: number
  readonly field: string | undefined
  readonly reason: string | undefined
  readonly retryAfterSeconds: number | undefined

  constructor(code: ErrorCode, description: string, details: ErrorDetails = {}) {
    super(description, 'cause' in details ? { cause: details.cause } : undefined)
    this.code = code
    this.status = details.status ?? STATUS_OF_CODE[code]
    this.field = details.field
    this.reason = details.reason
    this.retryAfterSeconds = details.retryAfterSeconds
  }
}
