/** A worker: the turns of payments and deliveries, with a sweeper beside them. */
import { hearBank } from '../../actors/callbacks.ts'
import { openDialler } from '../../actors/delivery/dialler.ts'
import { STANDARD_SCHEDULE, TEST_SCHEDULE } from '../../actors/delivery/schedule.ts'
import { gatewayActors } from '../../actors/gateway.ts'
import { Acceptance } from '../../actors/index.ts'
import { gatewayStorage } from '../../actors/storage.ts'
import { connectClient } from '../../runtime/client.ts'
import { openGates } from '../../runtime/gates.ts'
import { openRedis, ready } from '../../runtime/redis.ts'
import { startWorker } from '../../runtime/worker.ts'
import { openDatabase } from '../../schema/database.ts'
import { WorkerChaos } from '../chaos/worker-chaos.ts'
import { WorkerMetrics } from '../metrics/worker-metrics.ts'
import { report } from '../report.ts'
import { openBank } from './bank.ts'
import type { RoleContext, RunningRole } from './role.ts'
import { startSweeperRole } from './sweeper.ts'

const CONNECTIONS = 10

export async function startWorkerRole(context: RoleContext): Promise<RunningRole> {
  const { config, databaseUrl, redisUrl, partitions, vault, log } = context
  const database = openDatabase({ url: databaseUrl, max: CONNECTIONS, applicationName: 'worker' })
  const bank = openBank(context)
  const storage = gatewayStorage(database)
  const client = connectClient({ redisUrl, partitions, kinds: Object.keys(storage.stores), storage })
  const dialler = openDialler({ open: config.webhookAllowed })
  const gates = openGates({ redisUrl, partitions })
  const schedule = config.webhookRetryTest ? TEST_SCHEDULE : STANDARD_SCHEDULE
  const metrics = new WorkerMetrics()
  const chaos = new WorkerChaos()
  const worker = await startWorker({
    redisUrl,
    partitions,
    actors: gatewayActors({
      database,
      acquirer: metrics.timedBank(config.demo ? chaos.breakable(bank.acquirer) : bank.acquirer),
      vault,
      dialler: metrics.timedDialler(dialler),
      schedule,
      gates,
    }),
    observer: metrics,
    onLease: (change) => report({ type: 'lease', ...change }),
    onError: log.error,
  })
  const sweeper = await startSweeperRole(context)
  const heard = { database, acceptance: new Acceptance(database), ring: client.send }
  const deafen = bank.acquirer.onLateAnswer((answer) => {
    hearBank(heard, answer).catch((error) => log.error(error, `the bank's callback about ${answer.payment}`))
  })
  const figures = openRedis(redisUrl, 'commands')
  await ready(figures)
  const keepSilent = metrics.publish(figures, worker.name)
  const stopListening = config.demo ? await chaos.listen(redisUrl, worker.name) : null
  return {
    async drain() {
      deafen()
      keepSilent()
      stopListening?.()
      figures.disconnect()
      await Promise.all([worker.drain(), sweeper.drain()])
      await Promise.all([dialler.close(), gates.close()])
      await client.close()
      await bank.close()
      await database.close()
    },
  }
}
