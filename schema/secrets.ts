/**
 * Secrets at rest. What is only ever compared (API secrets) is kept as a hash; what must be read again to sign with
 * (webhook secrets) is encrypted under SECRETS_KEY. A copy of the database alone is no use to a thief.
 */
import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hash,
  hkdfSync,
  type KeyObject,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto'

const KEY_BYTES = 32
const NONCE_BYTES = 12
const TAG_BYTES = 16
/** Secrets that are kept opened: those of the merchants whose webhooks are on their way. */
const KEPT_OPEN = 1_000

/**
 * What is stored of an API secret. One round of SHA-256 is right here: the secret is 160 random bits of our own making, so
 * there is nothing to guess, and every request pays for this.
 */
export function hashSecret(secret: string): Buffer {
  // Every request pays for this: the one-shot function, and in hexadecimal, takes a fifth of what a hash object does.
  return Buffer.from(hash('sha256', secret, 'hex'), 'hex')
}

/** Compares in a time that does not depend on where they differ. */
export function secretMatches(secret: string, hash: Buffer): boolean {
  const actual = hashSecret(secret)
  return actual.length === hash.length && timingSafeEqual(actual, hash)
}

export class Vault {
  // As key objects: Node looks at the bytes of a key anew on every use, and takes longer for it than for the cipher.
  readonly #sealKey: KeyObject
  readonly #fingerprintKey: KeyObject
  readonly #opened = new Map<string, string>()

  /** `key`: the 32 bytes of SECRETS_KEY. Throws a RangeError for any other length. */
  constructor(key: Buffer) {
    if (key.length !== KEY_BYTES) throw new RangeError(`SECRETS_KEY has ${key.length} bytes; it must have ${KEY_BYTES}`)
    // A key for each use, so that what one of them gives away says nothing about the other.
    this.#sealKey = derive(key, 'seal')
    this.#fingerprintKey = derive(key, 'fingerprint')
  }

  /** AES-256-GCM: nonce, tag, ciphertext. */
  seal(text: string): Buffer {
    const nonce = randomBytes(NONCE_BYTES)
    const cipher = createCipheriv('aes-256-gcm', this.#sealKey, nonce)
    const ciphertext = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
    return Buffer.concat([nonce, cipher.getAuthTag(), ciphertext])
  }

  /** Throws when the bytes were sealed under another key, or changed since. */
  open(sealed: Buffer): string {
    const bytes = sealed.toString('latin1')
    const known = this.#opened.get(bytes)
    if (known !== undefined) return known
    const text = this.#open(sealed)
    if (this.#opened.size >= KEPT_OPEN) this.#opened.clear()
    this.#opened.set(bytes, text)
    return text
  }

  #open(sealed: Buffer): string {
    const tagAt = NONCE_BYTES
    const textAt = NONCE_BYTES + TAG_BYTES
    try {
      const decipher = createDecipheriv('aes-256-gcm', this.#sealKey, sealed.subarray(0, tagAt), {
        authTagLength: TAG_BYTES,
      })
      decipher.setAuthTag(sealed.subarray(tagAt, textAt))
      return decipher.update(sealed.subarray(textAt), undefined, 'utf8') + decipher.final('utf8')
    } catch (cause) {
      throw new Error('a stored secret does not open: is SECRETS_KEY the one it was sealed with?', { cause })
    }
  }

  /**
   * A keyed hash of a request, to tell a repeat from another request under the same idempotency key. Keyed, because the
   * request may hold what can be guessed: a plain hash of a card number could be searched in an hour.
   */
  fingerprint(parts: (string | Buffer)[]): Buffer {
    const hmac = createHmac('sha256', this.#fingerprintKey)
    for (const part of parts) {
      const bytes = typeof part === 'string' ? Buffer.from(part) : part
      // With its length before it no two lists of parts read the same: ['ab', 'c'] is not ['a', 'bc'].
      hmac.update(`${bytes.length}:`).update(bytes)
    }
    return hmac.digest()
  }
}

function derive(key: Buffer, use: string): KeyObject {
  return createSecretKey(Buffer.from(hkdfSync('sha256', key, '', `async-payment-gateway ${use}`, KEY_BYTES)))
}
