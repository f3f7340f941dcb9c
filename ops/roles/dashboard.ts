/** The dashboard's server. It needs the API and nothing else, and it starts while the API is still away. */
import { dashboardBundle } from '../../dashboard/build.ts'
import { startDashboard } from '../../dashboard/server/server.ts'
import { bundleIfOld } from '../../web/bundle.ts'
import { listenReason } from '../ports.ts'
import { VERSION } from '../version.ts'
import type { PageContext, RunningRole } from './role.ts'

export async function startDashboardRole({ config, log }: PageContext): Promise<RunningRole> {
  const { host, dashboardPort, apiUrl, publicApiUrl, publicCheckoutUrl, testMerchant, demo, logLevel } = config
  await bundleIfOld(dashboardBundle, log.info)
  const dashboard = await startDashboard({
    host,
    port: dashboardPort,
    apiUrl,
    publicApiUrl,
    publicCheckoutUrl,
    demo: demo ? testMerchant : null,
    logLevel,
    version: VERSION,
  }).catch((error) => {
    throw listenReason('DASHBOARD_PORT', host, dashboardPort, error)
  })
  return { drain: () => dashboard.close() }
}
