/** Ends every embedded server that still runs in a folder or below it, however deep whoever started it has put it. */
import { readdirSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { takeOverPostgres } from './postgres.ts'
import { takeOverRedis } from './redis.ts'

export async function endLeftovers(folder: string): Promise<void> {
  // Not a glob: it would pass over folders whose names begin with a dot, such as .data.
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  const homes = (file: string) =>
    paths.filter((path) => basename(path) === file).map((path) => dirname(join(folder, path)))
  const servers = [
    ...homes('redis.pid').map((home) => takeOverRedis(home)),
    ...homes('postmaster.pid').map((data) => takeOverPostgres(data)),
  ]
  for (const server of await Promise.all(servers)) await server?.stop()
}
