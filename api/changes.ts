/**
 * Changes of what a merchant has set up: keys, secrets, endpoints. Each is a transaction of a few rows, and its Idempotency-Key goes in
 * with it, last: a rival that waited on the same rows finds the key taken, takes everything back, and answers what was answered.
 */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Kysely } from 'kysely'
import type { IdempotencyKey } from '../actors/index.ts'
import type { Database } from '../schema/database.ts'
import type { Tables } from '../schema/tables.ts'
import { type Answer, sendAnswer } from './answer.ts'
import { type Idempotency, ownerOf } from './idempotency.ts'

export interface Change {
  /** What a repeat of the key names. */
  objectId: string
  body: object
}

export interface ChangeOptions {
  /** 200 unless set. */
  status?: number
  /** The answer holds a secret: it is kept encrypted. */
  sealed?: boolean
}

export class Changes {
  readonly #database: Database
  readonly #idempotency: Idempotency

  constructor(database: Database, idempotency: Idempotency) {
    this.#database = database
    this.#idempotency = idempotency
  }

  /** Does `work` once, whatever it throws takes everything back. Nothing outside the transaction may happen in it. */
  async once(
    request: FastifyRequest,
    reply: FastifyReply,
    work: (transaction: Pick<Database, 'kysely'>) => Promise<Change>,
    { status = 200, sealed = false }: ChangeOptions = {},
  ): Promise<FastifyReply> {
    const key = this.#idempotency.keyOf(request)
    const before = key && (await this.#idempotency.earlier(request, key))
    if (before) return this.#idempotency.sendReplay(request, reply, before)
    try {
      const answer = await this.#database.kysely.transaction().execute(async (transaction) => {
        const { objectId, body } = await work({ kysely: transaction })
        const answer: Answer = { status, text: JSON.stringify(body) }
        if (key) await this.#takeKey(transaction, ownerOf(request), key, objectId, answer, sealed)
        return answer
      })
      return sendAnswer(reply, answer)
    } catch (error) {
      if (!(error instanceof Rival)) throw error
      return this.#idempotency.sendReplay(request, reply, await this.#idempotency.rival(request, key))
    }
  }

  async #takeKey(
    transaction: Kysely<Tables>,
    merchantId: string,
    { key, fingerprint }: IdempotencyKey,
    objectId: string,
    { status, text }: Answer,
    sealed: boolean,
  ): Promise<void> {
    const response = this.#idempotency.kept(text, sealed)
    const taken = await transaction
      .insertInto('idempotency_keys')
      .values({ merchant_id: merchantId, key, fingerprint, object_id: objectId, status, response })
      .onConflict((conflict) => conflict.doNothing())
      .returning('key')
      .executeTakeFirst()
    if (!taken) throw new Rival('the key was taken meanwhile')
  }
}

class Rival extends Error {
  override name = 'Rival'
}
