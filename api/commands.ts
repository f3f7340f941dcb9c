/**
 * Commands to an actor: capture, cancel, refund, retry. The API only writes the command and rings; whether it may be done, the actor
 * decides in its turn, so two refunds can never both pass.
 */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { type Acceptance, type Address, type IdempotencyKey, type RuntimeClient, toAddress } from '../actors/index.ts'
import { GatewayError } from '../schema/errors.ts'
import { newUuid } from '../schema/ids.ts'
import { type Answer, sendAnswer } from './answer.ts'
import type { Decisions } from './decisions.ts'
import { unavailable } from './errors.ts'
import { type Idempotency, replayed } from './idempotency.ts'

export interface CommandRequest {
  kind: 'payment' | 'delivery' | 'replay'
  actorId: string
  name: string
  body: object
  /** What the command is about: the refund that it makes, else the actor itself. */
  objectId: string
  /** What is not found when there is no such actor, or it is another merchant's: "Payment". */
  noun: string
}

export class Commands {
  readonly #acceptance: Acceptance
  readonly #runtime: RuntimeClient
  readonly #idempotency: Idempotency
  readonly #decisions: Decisions

  constructor(acceptance: Acceptance, runtime: RuntimeClient, idempotency: Idempotency, decisions: Decisions) {
    this.#acceptance = acceptance
    this.#runtime = runtime
    this.#idempotency = idempotency
    this.#decisions = decisions
  }

  /**
   * Answers what the actor decides. `undecided` tells the object as it stands, for when the decision takes longer than a caller
   * should wait: 202, and the command stays in force. Throws 503 before anything is written when nobody could decide.
   */
  async ask(
    request: FastifyRequest,
    reply: FastifyReply,
    command: CommandRequest,
    undecided: (objectId: string) => Promise<object>,
  ): Promise<FastifyReply> {
    const key = this.#idempotency.keyOf(request)
    const before = key && (await this.#idempotency.earlier(request, key))
    if (before) return this.#idempotency.sendReplay(request, reply, before, undecided)
    const address = addressOf(request, command)
    await this.#requireDecider(address)
    const accepted = await this.#accept(request, command, key)
    if (accepted === 'rival') {
      const rival = await this.#idempotency.rival(request, key)
      return this.#idempotency.sendReplay(request, reply, rival, undecided)
    }
    this.#runtime.send([address], command.name)
    const decided = await this.#decisions.wait(address, accepted)
    if (decided) return sendAnswer(reply, decided)
    return sendAnswer(reply, { status: 202, text: JSON.stringify(await undecided(command.objectId)) })
  }

  /** Answers at once: `answer` is true as soon as the command is written. */
  async tell(
    request: FastifyRequest,
    reply: FastifyReply,
    command: CommandRequest,
    answer: object,
  ): Promise<FastifyReply> {
    const key = this.#idempotency.keyOf(request)
    const told: Answer = { status: 200, text: JSON.stringify(answer) }
    const before = key && (await this.#idempotency.earlier(request, key))
    if (before?.mismatch) return this.#idempotency.sendReplay(request, reply, before)
    if (before) return replayed(reply, before, told)
    const accepted = await this.#accept(request, command, key)
    if (accepted === 'rival') return replayed(reply, await this.#idempotency.rival(request, key), told)
    this.#runtime.send([addressOf(request, command)], command.name)
    return sendAnswer(reply, told)
  }

  /** The actor's decision on a command of the gateway's own making; null when it is undecided in time. Throws as `ask` does. */
  async decide(request: FastifyRequest, command: CommandRequest): Promise<Answer | null> {
    const address = addressOf(request, command)
    await this.#requireDecider(address)
    const seq = (await this.#accept(request, command, null)) as number
    this.#runtime.send([address], command.name)
    return this.#decisions.wait(address, seq)
  }

  async #requireDecider(address: Address): Promise<void> {
    if (await this.#runtime.canAsk(address)) return
    throw unavailable('No worker can decide this now. Nothing was written: try again.')
  }

  /** The command's number, or `rival` when its key is taken. */
  async #accept(
    request: FastifyRequest,
    command: CommandRequest,
    key: IdempotencyKey | null,
  ): Promise<number | 'rival'> {
    const { kind, actorId, name, body, objectId, noun } = command
    const { id: merchantId, tenant } = request.merchant
    const accepted = await this.#acceptance.command(
      { kind, actorId, merchantId, tenant, commandId: newUuid(), name, body, replyTo: this.#runtime.replyTo, objectId },
      key,
    )
    switch (accepted.outcome) {
      case 'accepted':
        return accepted.seq
      case 'rival':
        return 'rival'
      case 'not_found':
        throw new GatewayError('NOT_FOUND_ERROR', `${noun} not found`)
      case 'full':
        throw new GatewayError(
          'RATE_LIMIT_ERROR',
          `Too many commands wait for this ${noun.toLowerCase()}. Nothing was written.`,
          {
            retryAfterSeconds: 1,
          },
        )
    }
  }
}

function addressOf(request: FastifyRequest, { kind, actorId }: CommandRequest): Address {
  return toAddress({ tenant: request.merchant.tenant, kind, id: actorId })
}
