/**
 * Who changed what. A line is written before its change is tried and completed with the outcome before that is answered: a
 * crash in between leaves a line without an outcome, never a change without a line.
 *
 * It is about what is set up - merchants, keys, secrets, endpoints. What becomes of a payment stands in its timeline.
 */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Database } from '../schema/database.ts'
import { newId } from '../schema/ids.ts'
import type { App } from './app.ts'

interface Audited {
  action: string
  /** Fields of the body that are kept with the line; never a secret. */
  fields: string[]
}

declare module 'fastify' {
  interface FastifyContextConfig {
    audit?: Audited
  }
  interface FastifyRequest {
    /** The line of this request, when it has one. */
    auditId: string | null
  }
}

/** For a route's `config`: its calls stand in the audit log, with these fields of their bodies. */
export function audited(action: string, ...fields: string[]): { audit: Audited } {
  return { audit: { action, fields } }
}

export function keepAudit(app: App, database: Database): void {
  app.decorateRequest('auditId', null)

  app.addHook('preHandler', async (request) => {
    const { audit } = request.routeOptions.config
    if (!audit) return
    request.auditId = newId('aud_')
    const line = {
      id: request.auditId,
      merchant_id: request.caller.merchant?.id ?? null,
      actor: request.caller.name,
      action: audit.action,
      object_id: namedIn(request.params),
      changes: JSON.stringify(pick(request.body, audit.fields)),
      request_id: request.id,
      address: request.ip,
    }
    await database.kysely.insertInto('audit_log').values(line).execute()
  })

  app.addHook('onSend', async (request, reply, payload) => {
    if (request.auditId === null) return
    const outcome = { status: reply.statusCode, ...madeBy(request, reply, payload) }
    try {
      await database.kysely.updateTable('audit_log').set(outcome).where('id', '=', request.auditId).execute()
    } catch (error) {
      // The change stands: its caller must hear that. The line stays, without an outcome.
      request.log.error({ err: error, audit_id: request.auditId }, 'the outcome of an audited change was not written')
    }
  })
}

/** What a creation has made, and for whom. */
function madeBy(request: FastifyRequest, reply: FastifyReply, payload: unknown): Record<string, string> {
  if (reply.statusCode !== 201 || typeof payload !== 'string') return {}
  const { id, api_key: key } = JSON.parse(payload) as { id?: string; api_key?: string }
  const object = id ?? key
  if (object === undefined) return {}
  const isMerchant = request.routeOptions.config.audit?.action === 'merchant.create'
  return { object_id: object, ...(isMerchant ? { merchant_id: object } : {}) }
}

/** The object that a path names. */
function namedIn(params: unknown): string | null {
  const { id, api_key: key } = params as { id?: string; api_key?: string }
  return id ?? key ?? null
}

function pick(body: unknown, fields: string[]): Record<string, unknown> {
  if (typeof body !== 'object' || body === null) return {}
  const given = body as Record<string, unknown>
  return Object.fromEntries(fields.filter((name) => given[name] !== undefined).map((name) => [name, given[name]]))
}
