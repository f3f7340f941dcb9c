/**
 * The building blocks of the requests' schemas. A request's schema is at once its check, its TypeScript type and its documentation;
 * `x-allowed` completes the sentence "<field> must be ..." that a refusal says.
 */
import { type TSchema, Type } from 'typebox'
import { MAX_AMOUNT, MIN_AMOUNT } from '../schema/money.ts'

export function nullable<Schema extends TSchema>(schema: Schema) {
  return Type.Union([schema, Type.Null()])
}

/** One of some words, said as such when it is none of them. */
export function oneOf<const Words extends string[]>(...words: Words) {
  return Type.Unsafe<Words[number]>({ type: 'string', enum: words })
}

export const Amount = Type.Integer({
  minimum: MIN_AMOUNT,
  maximum: MAX_AMOUNT,
  description: "Integer in the currency's smallest unit: 50000 is INR 500.00",
})

/** A part of an amount, for captures and refunds. */
export const Part = Type.Integer({ minimum: 1, maximum: MAX_AMOUNT })

export const Currency = Type.String({
  pattern: '^[A-Z]{3}$',
  'x-allowed': 'an ISO 4217 code in capitals, such as INR',
})

/** A merchant's own words about an object. Their form is free; their size is not. */
export const Notes = Type.Record(Type.String(), Type.Unknown())

export const OrderId = Type.String({
  pattern: '^[A-Za-z0-9._-]{1,64}$',
  'x-allowed': '1 to 64 characters of A-Z, a-z, 0-9, dot, underscore and dash',
})

const id = (prefix: string) => Type.Object({ id: Type.String({ description: `${prefix}...` }) })
/** Ids of the gateway's own making are looked up as they come: a malformed one is as unknown as a strange one. */
export const PaymentParams = id('pay_')
export const RefundParams = id('rfnd_')
export const EventParams = id('evt_')
export const EndpointParams = id('whe_')
export const ReplayParams = id('rpl_')
export const WebhookParams = Type.Object({ id: Type.String({ description: 'UUID' }) })

export const IdempotencyHeader = Type.Object({
  'idempotency-key': Type.Optional(
    Type.String({ description: 'At most 255 characters; a repeat within 24 h is answered, not done' }),
  ),
})
