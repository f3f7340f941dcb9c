/** The acquirer that the settings name, with connections of its own: its books are no part of our transactions. */
import type { CallingAcquirer } from '../../actors/acquirers/acquirer.ts'
import { RemoteBank } from '../../actors/acquirers/remote.ts'
import { openSimulator } from '../../actors/acquirers/simulator.ts'
import { openDatabase } from '../../schema/database.ts'
import type { RoleContext } from './role.ts'

const CONNECTIONS = 4

export interface Bank {
  acquirer: CallingAcquirer
  close(): Promise<void>
}

export function openBank({ config, databaseUrl }: RoleContext): Bank {
  if (config.bankUrl !== null) {
    const acquirer = new RemoteBank(config.bankUrl)
    return { acquirer, close: () => acquirer.close() }
  }
  const database = openDatabase({ url: databaseUrl, max: CONNECTIONS, applicationName: 'bank' })
  return { acquirer: openSimulator({ database, settings: config.bank }), close: () => database.close() }
}
