/** The acquirer that the settings name, with connections of its own: its books are no part of our transactions. */
import { openSimulator, type Simulator } from '../../actors/acquirers/simulator.ts'
import { openDatabase } from '../../schema/database.ts'
import type { RoleContext } from './role.ts'

const CONNECTIONS = 4

export interface Bank {
  acquirer: Simulator
  close(): Promise<void>
}

export function openBank({ config, databaseUrl }: RoleContext): Bank {
  const database = openDatabase({ url: databaseUrl, max: CONNECTIONS, applicationName: 'bank' })
  return { acquirer: openSimulator({ database, settings: config.bank }), close: () => database.close() }
}
