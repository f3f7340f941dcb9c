/**
 * Idempotency-Key: a request that may have arrived is sent again, and runs once.
 *
 * There is no "in progress" state. The key's row goes in with what the request creates, in the same statement or transaction, so a
 * crash leaves both or neither; the loser of a race finds the winner's row and answers what it answered. A creation's row
 * holds the exact bytes of the answer; a command's row names the command, whose result is the answer once its actor has decided.
 */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Acceptance, IdempotencyKey, Replay } from '../actors/index.ts'
import { GatewayError } from '../schema/errors.ts'
import type { Vault } from '../schema/secrets.ts'
import { type Answer, sendAnswer } from './answer.ts'
import type { Decisions } from './decisions.ts'
import { unavailable } from './errors.ts'
import { maskCard } from './mask.ts'

export const MAX_KEY_LENGTH = 255
const CREATED = 201
/** Stands before a stored answer that is encrypted; a JSON text can't begin with it. */
const SEALED = 'sealed:'
/** Whose the operator's keys are: no merchant has this id. */
export const NOBODY = '00000000-0000-0000-0000-000000000000'

declare module 'fastify' {
  interface FastifyRequest {
    /**
     * Goes before the Idempotency-Key where the caller is not the merchant itself but somebody with a token: a shopper who tries
     * keys must not meet the merchant's, nor another shopper's.
     */
    keyScope: string
  }
}

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
  readonly #decisions: Decisions

  constructor(acceptance: Acceptance, vault: Vault, decisions: Decisions) {
    this.#acceptance = acceptance
    this.#vault = vault
    this.#decisions = decisions
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
    return {
      key: request.keyScope + key,
      fingerprint: this.#vault.fingerprint([request.method, path, body ?? '']),
    }
  }

  /** Whoever holds the key already; null when nobody does. Throws CONFLICT_ERROR when that was another request. */
  async earlier(request: FastifyRequest, key: IdempotencyKey): Promise<Earlier | null> {
    const replay = await this.#acceptance.replay(ownerOf(request), key.key)
    if (!replay) return null
    const mismatch = !replay.fingerprint.equals(key.fingerprint)
    if (mismatch && request.merchant?.idempotencyMismatch !== 'replay') {
      const description = 'This Idempotency-Key was used for another request. Nothing was done: use a new key.'
      throw new GatewayError('CONFLICT_ERROR', description, { field: 'Idempotency-Key' })
    }
    return { replay, mismatch }
  }

  /** As `earlier`, for the loser of a race. Throws 503 when the winner has not been seen to end. */
  async rival(request: FastifyRequest, key: IdempotencyKey | null): Promise<Earlier> {
    const earlier = key && (await this.earlier(request, key))
    if (!earlier) throw unavailable('A request with the same Idempotency-Key is under way. Try again.')
    return earlier
  }

  /** Answers what the key's first request was answered. `undecided`: the body of a 202, for a command that has not been decided yet. */
  async sendReplay(
    request: FastifyRequest,
    reply: FastifyReply,
    earlier: Earlier,
    undecided: (objectId: string) => object | Promise<object> = (id) => ({ id, status: 'pending' }),
  ): Promise<FastifyReply> {
    const { objectId, command } = earlier.replay
    const answer = command
      ? await this.#decisions.recall(request.merchant.tenant, command)
      : this.stored(earlier.replay)
    const text = answer === null ? JSON.stringify(await undecided(objectId)) : ''
    return replayed(reply, earlier, answer ?? { status: 202, text })
  }

  /** A creation's answer as it is kept beside its key; one that holds a secret is `sealed`. */
  kept(text: string, sealed: boolean): string {
    return sealed ? SEALED + this.#vault.seal(text).toString('base64') : text
  }

  /** A creation's answer, read back. */
  stored({ status, response, objectId }: Replay): Answer {
    if (status === null || response === null) {
      throw new TypeError(`the key of ${objectId} has neither an answer nor a command`)
    }
    if (!isSealed(response)) return { status, text: response }
    return { status, text: this.#vault.open(Buffer.from(response.slice(SEALED.length), 'base64')) }
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
    if (!key) return sendAnswer(reply, { status: CREATED, text: (await create(() => null, null)) as string })
    const stamp: Stamp = (text) => ({ ...key, response: this.kept(text, sealed) })
    const outcome = await create(stamp, key).catch(clientError)
    if (typeof outcome === 'string') return sendAnswer(reply, { status: CREATED, text: outcome })
    const earlier = outcome ? await this.earlier(request, key) : await this.rival(request, key)
    if (!earlier) throw outcome
    return this.sendReplay(request, reply, earlier)
  }
}

/** True for an answer that is kept encrypted. */
export function isSealed(response: string): boolean {
  return response.startsWith(SEALED)
}

/** In whose name a key is taken. */
export function ownerOf(request: FastifyRequest): string {
  return request.merchant?.id ?? request.caller?.merchant?.id ?? NOBODY
}

/** Lets a refusal of what the caller sent be looked at; everything else goes on being thrown. */
function clientError(error: unknown): GatewayError {
  if (error instanceof GatewayError && error.status < 500) return error
  throw error
}

export function replayed(reply: FastifyReply, { mismatch }: Earlier, answer: Answer): FastifyReply {
  reply.header('idempotent-replayed', 'true')
  if (mismatch) reply.header('idempotency-mismatch', 'true')
  return sendAnswer(reply, answer)
}
