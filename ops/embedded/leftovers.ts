/** Ends every embedded server that still runs in a folder or below it, however deep whoever started it has put it. */
import { globSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { takeOverPostgres } from './postgres.ts'
import { takeOverRedis } from './redis.ts'

export async function endLeftovers(folder: string): Promise<void> {
  const homes = (file: string) => globSync(`**/${file}`, { cwd: folder }).map((path) => dirname(join(folder, path)))
  const servers = [
    ...homes('redis.pid').map((home) => takeOverRedis(home)),
    ...homes('postmaster.pid').map((data) => takeOverPostgres(data)),
  ]
  for (const server of await Promise.all(servers)) await server?.stop()
}
