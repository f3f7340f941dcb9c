/** What a merchant can be told, and how an endpoint says what it wants of it: a name, a group (`payment.*`), or all (`*`). */

export const EVENT_TYPES = [
  'payment.created',
  'payment.pending',
  'payment.success',
  'payment.failed',
  'payment.captured',
  'payment.canceled',
  'refund.created',
  'refund.processed',
  'refund.failed',
  'webhook.test',
  'webhook.exhausted',
  'endpoint.disabled',
] as const

const groupOf = (type: string) => `${type.split('.', 1)[0]}.*`

/** Everything that may stand in an endpoint's list. */
export const EVENT_FILTERS: readonly string[] = ['*', ...new Set(EVENT_TYPES.map(groupOf)), ...EVENT_TYPES]
