/** What the shopper typed and what is wrong with it. It outlives a failed payment: nobody should type a card twice. */
import { createSignal, type Signal } from 'solid-js'
import type { Prefill } from '../loader/index.d.ts'
import type { Instrument } from './answers.ts'
import { judgeNumber, networkOf } from './card/card.ts'
import { judgeExpiry, readExpiry } from './card/expiry.ts'
import { formatMonth } from './format.ts'
import type { Words } from './words/index.ts'

export type Method = 'upi' | 'card'
export type FieldName = 'vpa' | 'number' | 'expiry' | 'cvv' | 'name'

/** As the API checks it. */
const VPA = /^[a-zA-Z0-9._-]+@[a-zA-Z0-9]+$/
const VPA_MAX = 255

const FIELDS: Record<Method, FieldName[]> = { upi: ['vpa'], card: ['number', 'expiry', 'cvv', 'name'] }

/** Where the API's refusals belong. */
const FIELD_OF_CODE: Partial<Record<string, FieldName>> = {
  INVALID_VPA: 'vpa',
  INVALID_CARD: 'number',
  EXPIRED_CARD: 'expiry',
}

export type Form = ReturnType<typeof createForm>

export function createForm(words: Words, prefill: Prefill = {}) {
  const values = eachField((field) =>
    createSignal((field === 'vpa' || field === 'name' ? prefill[field] : undefined) ?? ''),
  )
  const errors = eachField(() => createSignal<string>())
  const value = (field: FieldName) => values[field][0]()
  const error = (field: FieldName) => errors[field][0]()
  const setError = (field: FieldName, text: string | undefined) => errors[field][1](text)

  /** Undefined when there is nothing to say about it. Number, expiry and CVV are kept as digits. */
  function judge(field: FieldName): string | undefined {
    const text = value(field)
    if (field === 'vpa') return VPA.test(text) && text.length <= VPA_MAX ? undefined : words.vpaWrong
    if (field === 'number') {
      return { short: words.numberShort, wrong: words.numberWrong, right: undefined }[judgeNumber(text)]
    }
    if (field === 'expiry') return judgeDate(text, words)
    const { cvvDigits } = networkOf(value('number'))
    if (field === 'cvv') return text.length === cvvDigits ? undefined : words.cvvShort(cvvDigits)
    return undefined
  }

  return {
    /** Number, expiry and CVV are digits only. */
    value,
    /** What is wrong with it; undefined: nothing, as far as was looked. */
    error,
    /** Takes what was typed. An error that stood there goes as soon as it is mended. */
    set(field: FieldName, text: string) {
      values[field][1](text)
      if (error(field)) setError(field, judge(field))
    },
    /** Looks at a field that was left; an empty one is not a mistake yet. */
    leave(field: FieldName) {
      if (value(field)) setError(field, judge(field))
    },
    /** Says at once what no further digit can mend. */
    glance(field: FieldName) {
      const found = judge(field)
      if (found === words.numberWrong || found === words.expiryMonth) setError(field, found)
    },
    /** Looks at all fields of the method. Answers those that are wrong, in their order. */
    check(method: Method): FieldName[] {
      for (const field of FIELDS[method]) setError(field, judge(field))
      return FIELDS[method].filter(error)
    },
    /** Shows what the server refused at its field; undefined when it has none. */
    refuse(code: string, description: string): FieldName | undefined {
      const field = FIELD_OF_CODE[code]
      if (field) setError(field, judge(field) ?? description)
      return field
    },
    instrument(method: Method): Instrument {
      if (method === 'upi') return { method, vpa: value('vpa') }
      const [number, expiry, cvv] = [value('number'), value('expiry'), value('cvv')]
      const date = { expiry_month: expiry.slice(0, 2), expiry_year: expiry.slice(2) }
      return { method, card: { number, ...date, cvv, holder_name: value('name').trim() || null } }
    },
  }
}

function eachField<Value>(make: (field: FieldName) => Signal<Value>): Record<FieldName, Signal<Value>> {
  return { vpa: make('vpa'), number: make('number'), expiry: make('expiry'), cvv: make('cvv'), name: make('name') }
}

function judgeDate(digits: string, words: Words): string | undefined {
  const { month, year } = readExpiry(digits)
  const past = () => words.expired(formatMonth(month, year, words.tag))
  return { short: () => words.expiryShort, month: () => words.expiryMonth, past, right: () => undefined }[
    judgeExpiry(digits, new Date())
  ]()
}
