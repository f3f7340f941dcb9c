/**
 * The one place that makes ids. Public ids are a prefix and 16 characters of [A-Za-z0-9], 95 bits from the system's
 * randomness: nobody can guess another's, and two never meet.
 */
import { randomFillSync, randomUUID, randomUUIDv7 } from 'node:crypto'

export type IdPrefix = 'order_' | 'pay_' | 'rfnd_' | 'evt_' | 'whe_' | 'rpl_' | 'aud_'

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
const LENGTH = 16

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

/** A new id, for example `pay_4fT0aZ...`. */
export function newId(prefix: IdPrefix): string {
  let id: string = prefix
  while (id.length < prefix.length + LENGTH) {
    // Six bits number 64 characters and there are 62: the two that are too many are thrown away, a remainder would favour some.
    const character = ALPHABET[nextByte() & 63]
    if (character !== undefined) id += character
  }
  return id
}

/** Random, for what must not tell when it was made: merchants, commands. */
export function newUuid(): string {
  return randomUUID()
}

/** Begins with the time, so that rows made together lie together in their index. */
export function newUuidV7(): string {
  return randomUUIDv7()
}
