/**
 * Everything that can go wrong leaves through here, in one envelope: {"error": {"code", "description", ...}}. What the caller
 * can mend is told as it is; everything else is SERVER_ERROR with the request's id, and the log has the rest.
 */
import type { Socket } from 'node:net'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Overloaded, StoreAway } from '../actors/index.ts'
import { isStoreAway } from '../schema/database.ts'
import { type ErrorCode, GatewayError } from '../schema/errors.ts'
import { BODY_LIMIT_BYTES } from './body.ts'

export interface ErrorEnvelope {
  error: { code: ErrorCode; description: string; field?: string; reason?: string; request_id?: string }
}

/** Seconds after which a caller may try again when a part of the gateway is away. */
const RETRY_AFTER_SECONDS = 1

/** What the framework refuses by itself, in the envelope's words. Everything else it refuses is "the request is malformed". */
const FRAMEWORK_TEXTS: Record<string, string> = {
  FST_ERR_CTP_BODY_TOO_LARGE: `the body must be at most ${BODY_LIMIT_BYTES} bytes`,
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'content-type must be application/json',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'content-length must be the length of the body',
  FST_ERR_BAD_URL: 'the URL is malformed',
}

export function answerErrors(app: FastifyInstance): void {
  app.setErrorHandler((error, request, reply) => sendError(error, request, reply))
  app.setNotFoundHandler((request, reply) =>
    sendError(new GatewayError('NOT_FOUND_ERROR', 'Route not found'), request, reply),
  )
}

export function sendError(thrown: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const error = asGatewayError(thrown)
  if (error.status === 500) request.log.error({ err: thrown }, 'request failed')
  else if (error.status > 500) request.log.warn({ err: thrown }, 'request refused for now')
  if (error.retryAfterSeconds !== undefined) reply.header('retry-after', String(error.retryAfterSeconds))
  return reply
    .code(error.status)
    .header('content-type', 'application/json; charset=utf-8')
    .send(JSON.stringify(errorEnvelope(error, error.status >= 500 ? request.id : undefined)))
}

export function errorEnvelope(error: GatewayError, requestId?: string): ErrorEnvelope {
  const { code, message, field, reason } = error
  return {
    error: {
      code,
      description: message,
      ...(field === undefined ? {} : { field }),
      ...(reason === undefined ? {} : { reason }),
      ...(requestId === undefined ? {} : { request_id: requestId }),
    },
  }
}

function asGatewayError(error: unknown): GatewayError {
  if (error instanceof GatewayError) return error
  if (error instanceof Overloaded)
    return unavailable('More requests are waiting than can be served. Nothing was written: try again.', error)
  if (error instanceof StoreAway || isStoreAway(error)) {
    return unavailable(
      'The database does not answer. Repeat the request with the same Idempotency-Key: it runs once.',
      error,
    )
  }
  const { statusCode, code } = error as FastifyError
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    return new GatewayError('BAD_REQUEST_ERROR', FRAMEWORK_TEXTS[code] ?? 'the request is malformed', {
      status: statusCode,
    })
  }
  return new GatewayError(
    'SERVER_ERROR',
    'Something went wrong on our side. Quote the request_id when you report it.',
    { cause: error },
  )
}

/** 503: a part of the gateway is away for now. The description says whether anything was written. */
export function unavailable(description: string, cause?: unknown): GatewayError {
  return new GatewayError('SERVER_ERROR', description, { status: 503, retryAfterSeconds: RETRY_AFTER_SECONDS, cause })
}

/** What is no HTTP, or too slow or too long to be a request, never becomes one: it is answered on the bare socket. */
export function answerSocketError(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const [status, reason] = SOCKET_STATUS[error.code ?? ''] ?? [400, 'Bad Request']
  const text = JSON.stringify(errorEnvelope(new GatewayError('BAD_REQUEST_ERROR', 'the request is malformed')))
  const head = `HTTP/1.1 ${status} ${reason}\r\ncontent-type: application/json; charset=utf-8\r\n`
  socket.end(`${head}content-length: ${Buffer.byteLength(text)}\r\nconnection: close\r\n\r\n${text}`)
}

const SOCKET_STATUS: Record<string, [status: number, reason: string]> = {
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'Request Timeout'],
  HPE_HEADER_OVERFLOW: [431, 'Request Header Fields Too Large'],
}
