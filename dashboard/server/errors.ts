/** Errors of this server, in the API's envelope: the app reads one kind. */
import type { FastifyReply } from 'fastify'

export function envelope(reply: FastifyReply, status: number, code: string, description: string): FastifyReply {
  return reply.code(status).send({ error: { code, description } })
}
