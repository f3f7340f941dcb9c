/**
 * The streams that are open: how many there may be, how they are answered, and how they end. One ends by itself after some
 * minutes, so that a key that was revoked does not go on listening and a forgotten tab costs nothing; its client comes back with
 * the last event's id and misses nothing.
 */
import { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { GatewayError } from '../../schema/errors.ts'

const LIFE_MS = 10 * 60_000
/** From the signal to the end of a stream whose client is slow to take its last words. */
const LEAVE_MS = 1_000
const MAX_STREAMS = 2_000
const MAX_OF_ONE_MERCHANT = 100

export class Streams {
  readonly #open = new Map<string, number>()
  readonly #closing = new AbortController()
  #count = 0

  /**
   * Answers with what `frames` yields, until it returns, the client leaves, or the stream has lived its life. Throws 406 for a client that
   * does not ask for a stream, since it would wait for an end, and RATE_LIMIT_ERROR when there are enough.
   */
  send(
    request: FastifyRequest,
    reply: FastifyReply,
    frames: (signal: AbortSignal) => AsyncGenerator<string>,
  ): FastifyReply {
    requireAccepted(request)
    const leave = this.#enter(request.merchant.id)
    const gone = new AbortController()
    const signal = AbortSignal.any([this.#closing.signal, gone.signal, AbortSignal.timeout(LIFE_MS)])
    const stream = Readable.from(frames(signal))
    stream.once('close', () => {
      gone.abort()
      leave()
    })
    // A client that reads nothing keeps its generator from seeing the signal.
    signal.addEventListener('abort', () => setTimeout(() => stream.destroy(), LEAVE_MS).unref(), { once: true })
    return (
      reply
        // Kept alive, it would hold up the end of this process for a minute after the stream has ended.
        .header('connection', 'close')
        .header('content-type', 'text/event-stream; charset=utf-8')
        .header('cache-control', 'no-store')
        .header('x-accel-buffering', 'no')
        .send(stream)
    )
  }

  /** Ends all of them: a stream would keep the server open for minutes. */
  close(): void {
    this.#closing.abort()
  }

  #enter(merchantId: string): () => void {
    const own = this.#open.get(merchantId) ?? 0
    if (own >= MAX_OF_ONE_MERCHANT || this.#count >= MAX_STREAMS) {
      const words = `Too many streams are open: ${MAX_OF_ONE_MERCHANT} a merchant, ${MAX_STREAMS} in all. Close one first.`
      throw new GatewayError('RATE_LIMIT_ERROR', words, { retryAfterSeconds: 1 })
    }
    this.#open.set(merchantId, own + 1)
    this.#count++
    return () => {
      this.#count--
      const left = (this.#open.get(merchantId) ?? 1) - 1
      if (left > 0) this.#open.set(merchantId, left)
      else this.#open.delete(merchantId)
    }
  }
}

function requireAccepted({ headers: { accept = '' } }: FastifyRequest): void {
  if (/\btext\/(event-stream|\*)/i.test(accept)) return
  throw new GatewayError('BAD_REQUEST_ERROR', 'This answers with a stream: send Accept: text/event-stream', {
    status: 406,
    field: 'Accept',
  })
}
