/** A webhook.test event to one endpoint, about a payment that never was. */
import { eventPayload, paymentView, samplePayment, toAddress, wallMs } from '../actors/index.ts'
import { newId, newUuidV7 } from '../schema/ids.ts'
import type { Merchant } from './auth.ts'
import type { Services } from './services.ts'

export async function sendTestEvent(
  merchant: Merchant,
  endpointId: string,
  { acceptance, runtime }: Pick<Services, 'acceptance' | 'runtime'>,
) {
  const now = wallMs()
  const payment = paymentView(samplePayment(merchant.id, new Date(now).toISOString()))
  const deliveryId = newUuidV7()
  await acceptance.testEvent({
    id: newId('evt_'),
    merchantId: merchant.id,
    payload: eventPayload('webhook.test', now, { payment }),
    deliveryId,
    endpointId,
  })
  runtime.send([toAddress({ tenant: merchant.tenant, kind: 'delivery', id: deliveryId })], 'attempt')
  return { id: deliveryId, event: 'webhook.test' as const, status: 'pending' as const }
}
