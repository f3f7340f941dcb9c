/**
 * An answer whose text is made before it is sent: what is stored under an idempotency key and what travels are the same bytes.
 */
import type { FastifyReply } from 'fastify'

export interface Answer {
  status: number
  /** JSON, exactly as it is sent. */
  text: string
}

export function sendAnswer(reply: FastifyReply, { status, text }: Answer): FastifyReply {
  return reply.code(status).header('content-type', 'application/json; charset=utf-8').send(text)
}
