/** The checkout's server. It needs the API and nothing else, and it starts while the API is still away. */
import { buildCheckout } from '../../sdk/build.ts'
import { startCheckout } from '../../sdk/server.ts'
import { listenReason } from '../ports.ts'
import type { PageContext, RunningRole } from './role.ts'

export async function startCheckoutRole({ config, log }: PageContext): Promise<RunningRole> {
  const { host, checkoutPort, apiUrl, publicApiUrl, publicCheckoutUrl, testMerchant, demo, logLevel } = config
  await buildCheckout(log.info)
  const checkout = await startCheckout({
    host,
    port: checkoutPort,
    apiUrl,
    publicApiUrl,
    publicCheckoutUrl,
    demo: demo ? { apiKey: testMerchant.apiKey } : null,
    logLevel,
  }).catch((error) => {
    throw listenReason('CHECKOUT_PORT', host, checkoutPort, error)
  })
  return { drain: () => checkout.close() }
}
