/** What every role is handed when it starts, and what it hands back. */
import type { Vault } from '../../schema/secrets.ts'
import type { Config } from '../config.ts'
import type { Log } from '../log.ts'

export interface RoleContext {
  config: Config
  databaseUrl: string
  redisUrl: string
  partitions: number
  vault: Vault
  log: Log
}

export interface RunningRole {
  /** Takes nothing new, ends what is under way, lets go of everything. */
  drain(): Promise<void>
}
