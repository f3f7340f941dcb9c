/** What every role is handed when it starts, and what it hands back. */
import type { Vault } from '../../schema/secrets.ts'
import type { Config } from '../config.ts'
import type { Log } from '../log.ts'
import type { LogTrail } from '../log-trail/trail.ts'

/** What a role is handed that speaks to the gateway by HTTP alone. */
export interface PageContext {
  config: Config
  log: Log
  /** What an operator may read of this process's log. */
  trail: LogTrail
}

/** What a role is handed that works on the stores themselves. */
export interface Stores {
  databaseUrl: string
  redisUrl: string
  partitions: number
  vault: Vault
}

export type RoleContext = PageContext & Stores

export interface RunningRole {
  /** Takes nothing new, ends what is under way, lets go of everything. */
  drain(): Promise<void>
}
