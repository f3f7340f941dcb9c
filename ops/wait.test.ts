import { join } from 'node:path'
import { Redis } from 'ioredis'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { openDatabase } from '../schema/database.ts'
import { type FreshDatabase, freshDatabase } from '../tests/support/database.ts'
import { freshFolder } from '../tests/support/folder.ts'
import { freePort } from './embedded/port.ts'
import { startRedis } from './embedded/redis.ts'
import { agreePartitions } from './partitions.ts'
import { StopReason } from './stop-reason.ts'
import { waitForPostgres, waitForRedis } from './wait.ts'

const wait = suite('waiting for servers')
const folder = freshFolder()
let fresh: FreshDatabase

wait.before(async () => {
  fresh = await freshDatabase()
})
wait.after(async () => {
  await fresh.drop()
  folder.drop()
})

async function reasonOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => null,
    (reason) => reason,
  )
  assert.instance(error, StopReason)
  return error.message
}

wait('says what it waits for once, with the reason, and goes on when it is there', async () => {
  const port = await freePort()
  const url = `redis://:secret@127.0.0.1:${port}`
  const lines: string[] = []
  let late: ReturnType<typeof startRedis> | undefined
  await waitForRedis(url, (line) => {
    lines.push(line)
    late ??= startRedis({ dir: join(folder.path, 'late'), port, say: () => {} })
  })
  assert.match(lines.join('\n'), new RegExp(`^waiting for Redis at 127.0.0.1:${port} \\(.*ECONNREFUSED`))
  await (await late)?.stop()
})

wait('a Redis that would evict mailboxes is refused, with what to set', async () => {
  const server = await startRedis({ dir: join(folder.path, 'evicting'), say: () => {} })
  const client = new Redis(server.url)
  await client.config('SET', 'maxmemory-policy', 'allkeys-lru')
  client.disconnect()
  assert.match(await reasonOf(waitForRedis(server.url, () => {})), 'noeviction')
  await server.stop()
})

wait('a database that does not exist is no reason to wait', async () => {
  const url = new URL(fresh.url)
  url.pathname = '/nowhere'
  assert.match(await reasonOf(waitForPostgres(url.href, () => {})), /^DATABASE_URL: database "nowhere" does not exist/)
})

wait('every process counts as many partitions as the first one did', async () => {
  const database = openDatabase({ url: fresh.url, max: 1, applicationName: 'test' })
  assert.is(await agreePartitions(database, 'redis+cluster://a:1,b:2', null), 16)
  assert.is(await agreePartitions(database, 'redis://a', 16), 16)
  assert.match(await reasonOf(agreePartitions(database, 'redis://a', null)), /^PARTITIONS is 1 but/)
  await database.close()
})

wait.run()
