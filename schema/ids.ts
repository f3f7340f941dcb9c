/**
 * The one place that makes ids. Public ids are a prefix and 16 characters of [A-Za-z0-9]: the millisecond in which they were made, which
 * their object's created_at tells as well, and 53 bits of the system's randomness, so that nobody can guess another's. The time
 * stands first because rows made together then lie together in every index that begins with an id: with a million open payments
 * a new one touches the pages that the one before it has touched, and not a page anywhere in each of ten indexes.
 */
import { randomFillSync, randomUUID, randomUUIDv7 } from 'node:crypto'

export type IdPrefix = 'order_' | 'pay_' | 'rfnd_' | 'evt_' | 'whe_' | 'rpl_' | 'aud_'

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const LENGTH = 16
/** Enough until the year 2081; the alphabet is in the order of its bytes, so text sorts as time does. */
const TIME_LENGTH = 7

// One call for randomness costs more than an id: bytes are fetched by the page and used once.
const bytes = Buffer.alloc(4096)
let used = bytes.length

function nextByte(): number {
  if (used === bytes.length) {
    randomFillSync(bytes)
    used = 0
  }
  return bytes[used++] as number
}

/** A new id, for example `pay_0wT3fXa...`: the time first, to the millisecond, then nine random characters. */
export function newId(prefix: IdPrefix): string {
  let id: string = prefix + timeText(Date.now())
  while (id.length < prefix.length + LENGTH) {
    // Six bits number 64 characters and there are 62: the two that are too many are thrown away, a remainder would favour some.
    const character = ALPHABET[nextByte() & 63]
    if (character !== undefined) id += character
  }
  return id
}

let lastMs = 0
let lastText = ''

function timeText(ms: number): string {
  if (ms === lastMs) return lastText
  let text = ''
  for (let rest = ms; text.length < TIME_LENGTH; rest = Math.floor(rest / 62)) text = ALPHABET[rest % 62] + text
  lastMs = ms
  lastText = text
  return text
}

/** Random, for what must not tell when it was made: merchants, commands. */
export function newUuid(): string {
  return randomUUID()
}

/** Begins with the time, so that rows made together lie together in their index. */
export function newUuidV7(): string {
  return randomUUIDv7()
}
