/** Who changed what: a merchant sees what concerns it, the operator everything. */
import { type Selectable, sql } from 'kysely'
import { Type } from 'typebox'
import { GatewayError } from '../../schema/errors.ts'
import type { AuditLogTable } from '../../schema/tables.ts'
import type { App } from '../app.ts'
import { failures, listOf } from '../components.ts'
import { created, equals, type Filter, filter } from '../filters.ts'
import { beyond, pageOf, pageQuery, pageRequest, periodQuery, placeOf } from '../lists.ts'
import type { Services } from '../services.ts'

const Text = Type.Optional(Type.String({ maxLength: 255 }))
const AuditFilters = Type.Object({
  ...pageQuery,
  ...periodQuery,
  action: Text,
  actor: Text,
  object_id: Text,
  merchant_id: Type.Optional(
    Type.String({
      pattern: '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$',
      'x-allowed': 'a UUID',
      description: 'For the operator, who sees all',
    }),
  ),
})

export function auditLogRoutes(app: App, { database, counts }: Services): void {
  app.get(
    '/api/v1/audit_log',
    {
      schema: {
        tags: ['audit log'],
        summary: 'What was changed, by whom and from where, newest first',
        security: [{ key: [], secret: [] }, { operator: [] }],
        querystring: AuditFilters,
        response: { 200: listOf('AuditLine'), ...failures },
      },
    },
    async ({ caller, query }) => {
      const asked = [
        ...created('audit_log', query),
        equals('audit_log.action', query.action),
        equals('audit_log.actor', query.actor),
        equals('audit_log.object_id', query.object_id),
      ]
      const merchantId = caller.operates ? query.merchant_id : requireOwn(caller.merchant?.id, query.merchant_id)
      const wanted: Filter =
        merchantId === undefined
          ? {
              where: sql`${sql.join([sql`true`, ...asked.filter((condition) => condition !== null)], sql` and `)}`,
              filtered: true,
            }
          : filter('audit_log', merchantId, asked)
      const page = pageRequest(query)
      const [found, count] = await Promise.all([
        database.kysely
          .selectFrom('audit_log')
          .selectAll()
          .select(placeOf('audit_log').as('place'))
          .where(wanted.where)
          .where(beyond('audit_log', page))
          .orderBy('created_at', 'desc')
          .orderBy('id', 'desc')
          .limit(page.limit + 1)
          .offset(page.offset)
          .execute(),
        counts.count('audit_log', merchantId ?? '', wanted),
      ])
      return pageOf(found, page, count, lineView)
    },
  )
}

/** Throws AUTHORIZATION_ERROR for a merchant who asks for another's. */
function requireOwn(own: string | undefined, asked: string | undefined): string {
  if (own === undefined || (asked !== undefined && asked.toLowerCase() !== own)) {
    throw new GatewayError('AUTHORIZATION_ERROR', "Only the operator sees another merchant's log", {
      field: 'merchant_id',
    })
  }
  return own
}

function lineView({
  id,
  merchant_id,
  actor,
  action,
  object_id,
  changes,
  status,
  request_id,
  address,
  created_at,
}: Selectable<AuditLogTable>) {
  const at = created_at.toISOString()
  return { id, created_at: at, merchant_id, actor, action, object_id, changes, status, address, request_id }
}
