/**
 * The sweeper: looks in Postgres for who is owed a turn, and rings whoever nobody is responsible for. Every worker
 * brings one along and one of them leads; as a role of its own it is for those who want it apart.
 */
import { keepHouse } from '../../actors/housekeeping.ts'
import { gatewayStorage } from '../../actors/storage.ts'
import { startSweeper } from '../../runtime/sweeper.ts'
import { openDatabase } from '../../schema/database.ts'
import type { RoleContext, RunningRole } from './role.ts'

export async function startSweeperRole({ databaseUrl, redisUrl, partitions, log }: RoleContext): Promise<RunningRole> {
  const database = openDatabase({ url: databaseUrl, max: 2, applicationName: 'sweeper' })
  const sweeper = await startSweeper({
    redisUrl,
    partitions,
    storage: gatewayStorage(database),
    housekeeping: () => keepHouse(database),
    onHealed: (count) => log.info(`rang ${count} actors that nobody was responsible for`),
    onError: log.error,
  })
  return {
    async drain() {
      await sweeper.stop()
      await database.close()
    },
  }
}
