/** The REST API. It needs Postgres to start and to accept; without Redis payments are accepted and start later. */
import { openDialler } from '../../actors/delivery/dialler.ts'
import { Acceptance } from '../../actors/index.ts'
import { gatewayStorage } from '../../actors/storage.ts'
import { LineBuffer } from '../../api/log.ts'
import { startApi } from '../../api/server.ts'
import { connectClient } from '../../runtime/client.ts'
import { openRedis } from '../../runtime/redis.ts'
import { openDatabase } from '../../schema/database.ts'
import { TEST_MERCHANT_ID } from '../../schema/seed.ts'
import { apiChaos } from '../chaos/api-chaos.ts'
import { trailReader } from '../log-trail/reader.ts'
import { gatewayMetrics } from '../metrics/gateway-metrics.ts'
import { listenReason } from '../ports.ts'
import { VERSION } from '../version.ts'
import { openBank } from './bank.ts'
import type { RoleContext, RunningRole } from './role.ts'

const CONNECTIONS = 16

export async function startApiRole(context: RoleContext): Promise<RunningRole> {
  const { config, databaseUrl, redisUrl, partitions, vault, trail } = context
  const { host, apiPort, testMerchant } = config
  const database = openDatabase({ url: databaseUrl, max: CONNECTIONS, applicationName: 'api' })
  const bank = openBank(context)
  const dialler = openDialler({ open: config.webhookAllowed })
  const storage = gatewayStorage(database)
  const runtime = connectClient({ redisUrl, partitions, kinds: Object.keys(storage.stores), storage })
  const figures = openRedis(redisUrl, 'commands')
  void figures.connect().catch(() => {})
  const output = new LineBuffer(process.stdout)
  const api = await startApi({
    log: {
      write: (line) => {
        output.write(line)
        trail.add(line)
      },
    },
    logs: trailReader(figures),
    database,
    chaos: config.demo ? apiChaos(figures) : null,
    metrics: gatewayMetrics({ database, storage, runtime, redis: figures }),
    acceptance: new Acceptance(database),
    runtime,
    acquirer: bank.acquirer,
    dialler,
    vault,
    host,
    port: apiPort,
    operatorToken: config.operatorToken,
    rateLimit: { perSecond: config.rateLimit, redis: figures },
    demo: config.demo,
    publicCheckoutUrl: config.publicCheckoutUrl,
    testMerchant: { id: TEST_MERCHANT_ID, email: testMerchant.email, apiKey: testMerchant.apiKey },
    logLevel: config.logLevel,
    version: VERSION,
  }).catch((error) => {
    throw listenReason('API_PORT', host, apiPort, error)
  })
  return {
    async drain() {
      await api.close()
      await dialler.close()
      await runtime.close()
      figures.disconnect()
      await bank.close()
      await database.close()
    },
  }
}
