/**
 * Passwords. People choose them, so they can be guessed: scrypt makes each guess cost 64 MiB and a tenth of a second. The cost
 * stands in the hash, so that it can be raised later without locking anybody out.
 */
import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto'

export const PASSWORD_MIN = 12
export const PASSWORD_MAX = 255

const COST = { N: 65_536, r: 8, p: 1 }
const SALT_BYTES = 16
const HASH_BYTES = 32
/** scrypt needs 128 * N * r bytes, and refuses what it is not allowed. */
const MEMORY_LIMIT_BYTES = 256 * COST.N * COST.r

/** `scrypt$N$r$p$salt$hash`, the last two in base64url. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES)
  const hash = await derive(password, salt, COST)
  return ['scrypt', COST.N, COST.r, COST.p, salt.toString('base64url'), hash.toString('base64url')].join('$')
}

export async function passwordMatches(password: string, stored: string): Promise<boolean> {
  const [scheme, N, r, p, salt = '', hash = ''] = stored.split('$')
  if (scheme !== 'scrypt') throw new Error(`a stored password is of the unknown scheme "${scheme}"`)
  const expected = Buffer.from(hash, 'base64url')
  const cost = { N: Number(N), r: Number(r), p: Number(p) }
  return timingSafeEqual(await derive(password, Buffer.from(salt, 'base64url'), cost), expected)
}

function derive(password: string, salt: Buffer, cost: ScryptOptions): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    // One way to write a letter with an accent, whatever the keyboard sends.
    scrypt(password.normalize('NFKC'), salt, HASH_BYTES, { ...cost, maxmem: MEMORY_LIMIT_BYTES }, (error, hash) =>
      error ? reject(error) : resolve(hash),
    )
  })
}
