/** What actors decide about commands: waited for once, whoever asks, the first caller or a repeat under the same Idempotency-Key. */
import { type Address, type Replay, type RuntimeClient, toAddress } from '../actors/index.ts'
import type { Answer } from './answer.ts'

/** How long a caller waits for an actor's decision. */
const PATIENCE_MS = 10_000

export class Decisions {
  readonly #runtime: RuntimeClient

  constructor(runtime: RuntimeClient) {
    this.#runtime = runtime
  }

  /** null: undecided in the time that a caller should wait. The command stays in force. */
  async wait(address: Address, seq: number): Promise<Answer | null> {
    const result = await this.#runtime.ask(address, seq, PATIENCE_MS)
    return result === undefined ? null : answerOf(result)
  }

  /** What a taken key's command came to; as `wait`. */
  async recall(
    tenant: string,
    { actorId: id, kind, seq, result }: NonNullable<Replay['command']>,
  ): Promise<Answer | null> {
    return result ? answerOf(result) : this.wait(toAddress({ tenant, kind, id }), seq)
  }
}

/** An actor's result is the HTTP answer itself. */
export function answerOf(result: unknown): Answer {
  const { status, body } = result as { status: number; body: object }
  return { status, text: JSON.stringify(body) }
}
