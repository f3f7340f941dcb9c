/** Makes an event happen, for real and in test mode: the simulated bank does what its payer says. */
import type { Gateway } from '../../node/index.ts'
import type { Command } from '../main.ts'
import { printJson } from '../output.ts'
import { decided, settled } from './payments.ts'

const AMOUNT = 50_000

/** Each makes its event happen, and answers what it happened to. */
const EVENTS: Record<string, (gateway: Gateway) => Promise<unknown>> = {
  'payment.created': (gateway) => pay(gateway, 'success@sim'),
  'payment.pending': (gateway) => pay(gateway, 'success@sim'),
  'payment.success': async (gateway) => decided(gateway, (await pay(gateway, 'success.0s@sim')).id),
  'payment.failed': async (gateway) => decided(gateway, (await pay(gateway, 'failure@sim')).id),
  'payment.captured': async (gateway) => gateway.payments.capture((await paid(gateway)).id),
  'payment.canceled': async (gateway) => gateway.payments.cancel((await paid(gateway)).id),
  'refund.created': async (gateway) => gateway.payments.refund((await paid(gateway)).id, { amount: 1_000 }),
  'refund.processed': async (gateway) => {
    const { id } = await gateway.payments.refund((await paid(gateway)).id, { amount: 1_000 })
    return settled(() => gateway.refunds.get(id))
  },
  'webhook.test': (gateway) => gateway.webhooks.test(),
}

export const trigger: Command = {
  usage: `EVENT, one of ${Object.keys(EVENTS).join(', ')}`,
  summary: 'Makes an event happen, with a payment of the simulated bank',
  async run(args) {
    const event = args.read().word('event')
    const make = EVENTS[event]
    if (!make) throw args.wrong(`there is no way to trigger "${event}"`)
    printJson(await make(args.gateway()))
  },
}

function pay(gateway: Gateway, vpa: string) {
  return gateway.payments.create({ order_id: 'cli-trigger', amount: AMOUNT, currency: 'INR', method: 'upi', vpa })
}

async function paid(gateway: Gateway) {
  return decided(gateway, (await pay(gateway, 'success.0s@sim')).id)
}
