/**
 * Commands to an actor: capture, cancel, refund, retry. The API only writes the command and rings; whether it may be done, the actor
 * decides in its turn, so two refunds can never both pass.
 */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { type Acceptance, type Address, type IdempotencyKey, type RuntimeClient, toAddress } from '../actors/index.ts'
import { GatewayError } from '../schema/errors.ts'
import { newUuid } from '../schema/ids.ts'
import { type Answer, sendAnswer } from './answer.ts'
import { unavailable } from './errors.ts'
import { type Earlier, type Idempotency, sendReplay } from './idempotency.ts'

/** How long a caller waits for the actor's decision. */
const PATIENCE_MS = 10_000

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

  constructor(acceptance: Acceptance, runtime: RuntimeClient, idempotency: Idempotency) {
    this.#acceptance = acceptance
    this.#runtime = runtime
    this.#idempotency = idempotency
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
    if (before) return sendReplay(reply, before, await this.#decisionOf(request, before, undecided))
    const address = addressOf(request, command)
    if (!(await this.#runtime.canAsk(address))) {
      throw unavailable('No worker can decide this now. Nothing was written: try again.')
    }
    const accepted = await this.#accept(request, command, key)
    if (accepted === 'rival') {
      const rival = await this.#rival(request, key)
      return sendReplay(reply, rival, await this.#decisionOf(request, rival, undecided))
    }
    this.#runtime.send([address], command.name)
    return sendAnswer(reply, await this.#decision(address, accepted, command.objectId, undecided))
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
    const accepted = await this.#accept(request, command, key)
    if (accepted === 'rival') return sendReplay(reply, await this.#rival(request, key), told)
    this.#runtime.send([addressOf(request, command)], command.name)
    return sendAnswer(reply, told)
  }

  /** The actor's decision on a command of the gateway's own making; undefined when it is undecided in time. Throws as `ask` does. */
  async decide(request: FastifyRequest, command: CommandRequest): Promise<{ status: number } | undefined> {
    const address = addressOf(request, command)
    if (!(await this.#runtime.canAsk(address))) {
      throw unavailable('No worker can decide this now. Nothing was written: try again.')
    }
    const seq = (await this.#accept(request, command, null)) as number
    this.#runtime.send([address], command.name)
    return (await this.#runtime.ask(address, seq, PATIENCE_MS)) as { status: number } | undefined
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

  async #rival(request: FastifyRequest, key: IdempotencyKey | null): Promise<Earlier> {
    const earlier = key && (await this.#idempotency.earlier(request, key))
    if (!earlier) throw unavailable('A request with the same Idempotency-Key is under way. Try again.')
    return earlier
  }

  async #decisionOf(
    request: FastifyRequest,
    { replay }: Earlier,
    undecided: (objectId: string) => Promise<object>,
  ): Promise<Answer> {
    const { command, objectId, status, response } = replay
    if (status !== null && response !== null) return { status, text: response }
    if (!command) throw new TypeError(`the key of ${objectId} has neither an answer nor a command`)
    if (command.result) return answerOf(command.result)
    const address = toAddress({ tenant: request.merchant.tenant, kind: command.kind, id: command.actorId })
    return this.#decision(address, command.seq, objectId, undecided)
  }

  async #decision(
    address: Address,
    seq: number,
    objectId: string,
    undecided: (objectId: string) => Promise<object>,
  ): Promise<Answer> {
    const result = await this.#runtime.ask(address, seq, PATIENCE_MS)
    return result === undefined ? { status: 202, text: JSON.stringify(await undecided(objectId)) } : answerOf(result)
  }
}

function addressOf(request: FastifyRequest, { kind, actorId }: CommandRequest): Address {
  return toAddress({ tenant: request.merchant.tenant, kind, id: actorId })
}

/** An actor's result is the HTTP answer itself. */
function answerOf(result: unknown): Answer {
  const { status, body } = result as { status: number; body: object }
  return { status, text: JSON.stringify(body) }
}
