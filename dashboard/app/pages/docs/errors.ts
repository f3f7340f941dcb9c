/** The API's codes, and what a caller does about each. */
export const ERRORS = [
  { status: 400, code: 'BAD_REQUEST_ERROR', todo: 'Mend the field that the error names, then send it again.' },
  { status: 400, code: 'INVALID_VPA', todo: 'Ask for the UPI ID again: it looks like name@bank.' },
  { status: 400, code: 'INVALID_CARD', todo: 'Ask for the card number again.' },
  { status: 400, code: 'EXPIRED_CARD', todo: 'Ask for another card.' },
  { status: 401, code: 'AUTHENTICATION_ERROR', todo: 'Check both headers, X-Api-Key and X-Api-Secret.' },
  { status: 403, code: 'AUTHORIZATION_ERROR', todo: 'These keys are good, but not for this: it takes the operator.' },
  { status: 404, code: 'NOT_FOUND_ERROR', todo: 'Check the id. Another merchant’s object is not found either.' },
  {
    status: 409,
    code: 'CONFLICT_ERROR',
    todo: 'The order is paid already, or the Idempotency-Key belongs to another body.',
  },
  { status: 429, code: 'RATE_LIMIT_ERROR', todo: 'Wait as long as Retry-After says.' },
  {
    status: 503,
    code: 'SERVER_ERROR',
    todo: 'Nothing was written: repeat it with the same Idempotency-Key after Retry-After.',
  },
]
