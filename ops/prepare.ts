/**
 * Brings a database to where every role can use it: reachable, migrated, with the test merchant in it. Any process may do
 * this at its start, several at once.
 */
import { openDatabase } from '../schema/database.ts'
import { migrate } from '../schema/migrate.ts'
import type { Vault } from '../schema/secrets.ts'
import { seedTestMerchant } from '../schema/seed.ts'
import type { Config } from './config.ts'
import { agreePartitions } from './partitions.ts'
import { StopReason } from './stop-reason.ts'
import { waitForPostgres } from './wait.ts'

export interface Servers {
  databaseUrl: string
  redisUrl: string
}

/** Answers the number of partitions. Throws a StopReason when the database will not have us or disagrees with a setting. */
export async function prepareDatabase(
  config: Config,
  { databaseUrl, redisUrl }: Servers,
  vault: Vault,
  say: (line: string) => void,
): Promise<number> {
  await waitForPostgres(databaseUrl, say)
  await migrated(databaseUrl)
  const database = openDatabase({ url: databaseUrl, max: 1, applicationName: 'start' })
  try {
    await seedTestMerchant(database, vault, { ...config.testMerchant, webhookUrl: config.demoWebhookUrl })
    return await agreePartitions(database, redisUrl, config.partitions)
  } finally {
    await database.close()
  }
}

async function migrated(databaseUrl: string): Promise<void> {
  try {
    await migrate(databaseUrl)
  } catch (error) {
    const newer = /previously executed migration (\S+) is missing/.exec((error as Error).message)
    if (!newer) throw error
    throw new StopReason(
      `this database was migrated by another version (${newer[1]}): run that one, or give DATABASE_URL another database`,
    )
  }
}
