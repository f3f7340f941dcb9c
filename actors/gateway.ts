/** The actors of a gateway, put together: what a worker process runs. */
import type { ActorDefinition } from '../runtime/actor.ts'
import type { Gates } from '../runtime/gates.ts'
import type { Database } from '../schema/database.ts'
import type { Vault } from '../schema/secrets.ts'
import type { Acquirer } from './acquirers/acquirer.ts'
import { defineDelivery } from './delivery/delivery.ts'
import type { Dialler } from './delivery/dialler.ts'
import type { Schedule } from './delivery/schedule.ts'
import { deliveryStore } from './delivery/store.ts'
import { definePayment } from './payment/payment.ts'
import { paymentStore } from './payment/store.ts'
import { replayPages } from './replay/pages.ts'
import { defineReplay } from './replay/replay.ts'
import { replayStore } from './replay/store.ts'

export interface GatewayOptions {
  database: Database
  acquirer: Acquirer
  vault: Vault
  dialler: Dialler
  /** For endpoints without a list of their own. */
  schedule: Schedule
  /** How much goes to one endpoint at once. Unless set, as much as there is. */
  gates?: Gates | undefined
  /** From asking the bank to giving up on its answer, ms; three minutes unless set. */
  bankDeadlineMs?: number | undefined
  /** One call to the bank, ms; ten seconds unless set. */
  bankTimeoutMs?: number | undefined
}

export function gatewayActors(options: GatewayOptions): ActorDefinition[] {
  const { database, acquirer, vault, dialler, schedule, gates, bankDeadlineMs, bankTimeoutMs } = options
  return [
    definePayment({ store: paymentStore(database), acquirer, bankDeadlineMs, bankTimeoutMs }),
    defineDelivery({ store: deliveryStore(database), vault, dialler, schedule, gates }),
    defineReplay({ store: replayStore(database), pages: replayPages(database) }),
  ]
}
