/**
 * Idempotency-Key: a request that may have arrived is sent again, and runs once.
 *
 * There is no "in progress" state. The key's row goes in with what the request creates, in the same statement, so a crash
 * leaves both or neither; the loser of a race finds the winner's row and answers what it answered. A creation's row
 * holds the exact bytes of the answer; a command's row names the command, whose result is the answer once its actor has decided.
 */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Acceptance, IdempotencyKey, Replay } from '../actors/index.ts'
import { GatewayError } from '../schema/errors.ts'
import type { Vault } from '../schema/secrets.ts'
import { type Answer, sendAnswer } from './answer.ts'
import { unavailable } from './errors.ts'
import { maskCard } from './mask.ts'

const MAX_KEY_LENGTH = 255
/** Stands before a stored answer that is encrypted; a JSON text can't begin with it. */
const SEALED = 'sealed:'

/** What a taken key stands for, and whether it was taken by another request (which only some merchants' settings let pass). */
export interface Earlier {
  replay: Replay
  mismatch: boolean
}

/** Makes of a creation's answer what is stored beside it; null without a key. */
export type Stamp = (response: string) => (IdempotencyKey & { response: string }) | null

export class Idempotency {
  readonly #acceptance: Acceptance
  readonly #vault: Vault

  constructor(acceptance: Acceptance, vault: Vault) {
    this.#acceptance = acceptance
    this.#vault = vault
  }

  /** The request's key with its fingerprint; null without one. Throws a BAD_REQUEST_ERROR. */
  keyOf(request: FastifyRequest): IdempotencyKey | null {
    const key = request.headers['idempotency-key']
    if (key === undefined) return null
    if (typeof key !== 'string' || key.length === 0 || key.length > MAX_KEY_LENGTH) {
      const description = `Idempotency-Key must be 1 to ${MAX_KEY_LENGTH} characters`
      throw new GatewayError('BAD_REQUEST_ERROR', description, { field: 'Idempotency-Key' })
    }
    const [path = ''] = request.url.split('?', 1)
    const body = JSON.stringify(
      maskCard(request.body, (digits) => this.#vault.fingerprint([digits]).toString('base64')),
    )
    return { key, fingerprint: this.#vault.fingerprint([request.method, path, body ?? '']) }
  }

  /** Whoever holds the key already; null when nobody does. Throws CONFLICT_ERROR when that was another request. */
  async earlier(request: FastifyRequest, key: IdempotencyKey): Promise<Earlier | null> {
    const { merchant } = request
    const replay = await this.#acceptance.replay(merchant.id, key.key)
    if (!replay) return null
    const mismatch = !replay.fingerprint.equals(key.fingerprint)
    if (mismatch && merchant.idempotencyMismatch === 'conflict') {
      const description = 'This Idempotency-Key was used for another request. Nothing was done: use a new key.'
      throw new GatewayError('CONFLICT_ERROR', description, { field: 'Idempotency-Key' })
    }
    return { replay, mismatch }
  }

  /**
   * Runs a creation once. `create` inserts its row with the stamp of the answer and returns the answer's text, or null when the key
   * was taken. What `create` refuses is only told when the key is free: else the key's own answer stands. An answer that holds a
   * secret is stored `sealed`.
   */
  async creation(
    request: FastifyRequest,
    reply: FastifyReply,
    create: (stamp: Stamp, key: IdempotencyKey | null) => Promise<string | null>,
    { sealed = false } = {},
  ): Promise<FastifyReply> {
    const key = this.keyOf(request)
    if (!key) return sendAnswer(reply, { status: 201, text: (await create(() => null, null)) as string })
    const stored = (text: string) => (sealed ? SEALED + this.#vault.seal(text).toString('base64') : text)
    const outcome = await create((text) => ({ ...key, response: stored(text) }), key).catch(clientError)
    if (typeof outcome === 'string') return sendAnswer(reply, { status: 201, text: outcome })
    const earlier = await this.earlier(request, key)
    if (earlier) return sendReplay(reply, earlier, this.#storedAnswer(earlier))
    throw outcome ?? unavailable('A request with the same Idempotency-Key is under way. Try again.')
  }

  /** A creation's stored answer. A command's key only comes here by a merchant's choice to let mismatches pass. */
  #storedAnswer({ replay: { status, response } }: Earlier): Answer {
    if (status === null || response === null) {
      throw new GatewayError('CONFLICT_ERROR', 'This Idempotency-Key was used for a command', {
        field: 'Idempotency-Key',
      })
    }
    if (!response.startsWith(SEALED)) return { status, text: response }
    return { status, text: this.#vault.open(Buffer.from(response.slice(SEALED.length), 'base64')) }
  }
}

/** Lets a refusal of what the caller sent be looked at; everything else goes on being thrown. */
function clientError(error: unknown): GatewayError {
  if (error instanceof GatewayError && error.status < 500) return error
  throw error
}

export function sendReplay(reply: FastifyReply, { mismatch }: Earlier, answer: Answer): FastifyReply {
  reply.header('idempotent-replayed', 'true')
  if (mismatch) reply.header('idempotency-mismatch', 'true')
  return sendAnswer(reply, answer)
}
