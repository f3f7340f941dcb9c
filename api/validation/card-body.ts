/**
 * The card in a request: `card: {...}`, or the flat fields that the family's clients send. What leaves here is what the acquirer
 * tokenizes, and the little that may be kept. The number and the CVV go nowhere else: no refusal repeats them.
 */
import { type Static, Type } from 'typebox'
import type { CardDetails } from '../../actors/index.ts'
import { GatewayError } from '../../schema/errors.ts'
import {
  type CardNetwork,
  cardDigits,
  cardNetwork,
  type Expiry,
  hasExpired,
  isCardNumber,
  isCvv,
  readExpiry,
  readExpiryText,
} from './card.ts'

const optional = (text: ReturnType<typeof Type.String>) => Type.Optional(Type.Union([text, Type.Null()]))
const NumberText = Type.String({ maxLength: 64, 'x-allowed': 'a string of 13 to 19 digits' })
const ExpiryText = Type.String({ maxLength: 16, 'x-allowed': 'MM/YY or MM/YYYY' })
const DigitsText = Type.Union([Type.String({ maxLength: 16 }), Type.Integer()])
const HolderName = optional(Type.String({ maxLength: 255 }))

/** The fields of a card payment's body, beside the order's. */
export const CardFields = {
  card: Type.Optional(
    Type.Union([
      Type.Object({
        number: NumberText,
        expiry_month: DigitsText,
        expiry_year: DigitsText,
        cvv: DigitsText,
        holder_name: HolderName,
      }),
      Type.Null(),
    ]),
  ),
  card_number: optional(NumberText),
  card_expiry: optional(ExpiryText),
  card_cvv: Type.Optional(Type.Union([DigitsText, Type.Null()])),
  card_holder_name: HolderName,
}

const CardBody = Type.Object(CardFields)
export type CardBody = Static<typeof CardBody>

export interface ReadCard {
  details: CardDetails
  network: CardNetwork
  last4: string
}

/** A card as the request spells it; `prefix` completes a field's name. */
interface Spelled {
  prefix: 'card.' | 'card_'
  number: string
  expiry: Expiry | null
  cvv: string
  holderName: string | null
}

/** Throws BAD_REQUEST_ERROR for a field that is missing, INVALID_CARD, or EXPIRED_CARD. `nowMs`: since the epoch. */
export function readCard(body: CardBody, nowMs: number): ReadCard {
  const { prefix, number, expiry, cvv, holderName } = spelled(body)
  const digits = cardDigits(number)
  if (!isCardNumber(digits)) throw invalid(`${prefix}number`, 'must be a valid card number of 13 to 19 digits')
  if (!expiry) throw invalid(`${prefix}expiry`, 'must be a month from 1 to 12 and a year of two or four digits')
  if (hasExpired(expiry, nowMs))
    throw new GatewayError('EXPIRED_CARD', 'The card has expired', { field: `${prefix}expiry` })
  if (!isCvv(cvv)) throw invalid(`${prefix}cvv`, 'must be 3 or 4 digits')
  return {
    details: { number: digits, expiryMonth: expiry.month, expiryYear: expiry.year, cvv, holderName },
    network: cardNetwork(digits),
    last4: digits.slice(-4),
  }
}

function spelled(body: CardBody): Spelled {
  const { card } = body
  if (card) {
    const { number, expiry_month: month, expiry_year: year, cvv, holder_name: holderName = null } = card
    return { prefix: 'card.', number, expiry: readExpiry(month, year), cvv: String(cvv), holderName }
  }
  if (body.card_number == null) throw missing('card')
  if (body.card_expiry == null) throw missing('card_expiry')
  if (body.card_cvv == null) throw missing('card_cvv')
  const { card_number: number, card_expiry: expiry, card_cvv: cvv, card_holder_name: holderName = null } = body
  return { prefix: 'card_', number, expiry: readExpiryText(expiry), cvv: String(cvv), holderName }
}

function missing(field: string): GatewayError {
  return new GatewayError('BAD_REQUEST_ERROR', `${field} is required`, { field })
}

function invalid(field: string, rule: string): GatewayError {
  return new GatewayError('INVALID_CARD', `${field} ${rule}`, { field })
}
