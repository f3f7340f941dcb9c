/** A webhook.test event to one endpoint, about a payment that never was. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { eventPayload, paymentView, samplePayment, toAddress, wallMs } from '../actors/index.ts'
import type { Database } from '../schema/database.ts'
import { newId, newUuidV7 } from '../schema/ids.ts'
import type { Services } from './services.ts'

/** `find` names the endpoint, or throws why none can be tried. */
export async function sendTestEvent(
  request: FastifyRequest,
  reply: FastifyReply,
  { changes, acceptance, runtime }: Services,
  find: (database: Pick<Database, 'kysely'>) => Promise<string>,
): Promise<FastifyReply> {
  const { id: merchantId, tenant } = request.merchant
  const now = wallMs()
  const payment = paymentView(samplePayment(merchantId, new Date(now).toISOString()))
  const payload = eventPayload('webhook.test', now, { payment })
  const deliveryId = newUuidV7()
  await changes.once(request, reply, async (transaction) => {
    const endpointId = await find(transaction)
    await acceptance.testEvent({ id: newId('evt_'), merchantId, payload, deliveryId, endpointId }, transaction.kysely)
    return { objectId: deliveryId, body: { id: deliveryId, event: 'webhook.test', status: 'pending' } }
  })
  // After a replay it rings for nobody, and nobody comes.
  runtime.send([toAddress({ tenant, kind: 'delivery', id: deliveryId })], 'attempt')
  return reply
}
