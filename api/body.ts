/**
 * Reads a request's body: JSON text of at most 1 MiB, or nothing. It replaces the framework's own parser for four reasons: an
 * empty body is no body whatever its content type says; a parser's message quotes what it could not read, and that may be a
 * card number; and two things that JSON can say are refused at the door because Postgres can't store them - U+0000 and
 * half a surrogate pair - as is nesting so deep that writing it out again would overflow the stack.
 */
import type { FastifyInstance } from 'fastify'
import { GatewayError } from '../schema/errors.ts'

export const BODY_LIMIT_BYTES = 1024 * 1024
const MAX_DEPTH = 32

export function readBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, text, done) => {
    try {
      done(null, parseBody(text as string))
    } catch (error) {
      done(error as Error)
    }
  })
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, text, done) => {
    if (text === '') return done(null, undefined)
    done(
      new GatewayError('BAD_REQUEST_ERROR', 'content-type must be application/json', {
        field: 'content-type',
        status: 415,
      }),
    )
  })
}

/** The value, or undefined for an empty text. Throws a BAD_REQUEST_ERROR that quotes nothing of the text. */
export function parseBody(text: string): unknown {
  if (text === '') return undefined
  const body = parsed(text)
  refuseUnstorable(body, '', 0)
  return body
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new GatewayError('BAD_REQUEST_ERROR', 'the body must be valid JSON')
  }
}

function refuseUnstorable(value: unknown, field: string, depth: number): void {
  if (typeof value === 'string') return refuseText(value, field)
  if (typeof value !== 'object' || value === null) return
  if (depth >= MAX_DEPTH)
    throw new GatewayError('BAD_REQUEST_ERROR', `the body must not be nested deeper than ${MAX_DEPTH} levels`)
  for (const [name, inner] of Object.entries(value)) {
    refuseText(name, field)
    // JSON.parse makes `__proto__` an ordinary property; the next copy of the object would make it the prototype.
    if (name === '__proto__') throw new GatewayError('BAD_REQUEST_ERROR', 'the body must not have a field __proto__')
    refuseUnstorable(inner, field === '' ? name : `${field}.${name}`, depth + 1)
  }
}

/** Throws a BAD_REQUEST_ERROR for text that is not storable Unicode. */
export function refuseText(text: string, field: string): void {
  if (!text.includes('\0') && text.isWellFormed()) return
  const described = field === '' ? {} : { field }
  throw new GatewayError('BAD_REQUEST_ERROR', `${field || 'the body'} must be Unicode text without U+0000`, described)
}
