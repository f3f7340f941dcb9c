/**
 * A request without its card's secrets, for the fingerprint that tells a repeat from another request: number and CVV are
 * replaced, so that not even a keyed hash is made of the two together with everything else that could be guessed.
 */

/** Fields that hold a number or a CVV: of `card`, and flat in the body. */
const CARD_FIELDS = ['number', 'cvv']
const FLAT_FIELDS = ['card_number', 'card_cvv']

/** A copy in which `mask` stands for every card number and CVV; the very same value when there is none. */
export function maskCard(body: unknown, mask: (secret: string) => string): unknown {
  if (typeof body !== 'object' || body === null) return body
  const masked = maskFields(body as Record<string, unknown>, FLAT_FIELDS, mask)
  const { card } = masked
  if (typeof card !== 'object' || card === null) return masked
  return { ...masked, card: maskFields(card as Record<string, unknown>, CARD_FIELDS, mask) }
}

function maskFields(
  fields: Record<string, unknown>,
  secrets: string[],
  mask: (secret: string) => string,
): Record<string, unknown> {
  const held = secrets.filter((name) => fields[name] !== undefined)
  if (held.length === 0) return fields
  return { ...fields, ...Object.fromEntries(held.map((name) => [name, mask(String(fields[name]))])) }
}
