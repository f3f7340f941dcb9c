import { type AddressInfo, connect, createServer } from 'node:net'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { partitionPrefix } from '../runtime/partitions.ts'
import { openRedis, ready } from '../runtime/redis.ts'
import { openDatabase } from '../schema/database.ts'
import { type FreshDatabase, freshDatabase } from '../tests/support/database.ts'
import { freshFolder } from '../tests/support/folder.ts'
import { freshRedis } from '../tests/support/redis.ts'
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

wait('a connection that drops while the server is looked at is no reason to give up', async () => {
  const server = await startRedis({ dir: join(folder.path, 'dropping'), say: () => {} })
  let drops = 2
  const wire = createServer((near) => {
    const far = connect(server.port, '127.0.0.1')
    near.on('error', () => far.destroy())
    far.on('error', () => near.destroy())
    // The client has just become ready when its handshake is over: what comes then is the look.
    near.on('data', (chunk) => {
      if (chunk.toString().toLowerCase().includes('info') && chunk.length < 30 && ++looks > 1 && drops-- > 0)
        near.destroy()
      else far.write(chunk)
    })
    far.pipe(near)
  })
  let looks = 0
  await new Promise<void>((resolve) => wire.listen(0, '127.0.0.1', resolve))
  const { port } = wire.address() as AddressInfo
  const lines: string[] = []
  await waitForRedis(`redis://127.0.0.1:${port}`, (line) => lines.push(line))
  assert.ok(lines.length > 0)
  wire.close()
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
  assert.match(await reasonOf(agreePartitions(database, 'redis://127.0.0.1:1', null)), /^PARTITIONS is 1 but/)
  await database.close()
})

wait('stop, flush, start changes the number of partitions, and nothing less does', async () => {
  const database = openDatabase({ url: fresh.url, max: 1, applicationName: 'test' })
  const { url, drop } = await freshRedis()
  const redis = openRedis(url, 'commands')
  await ready(redis)
  await database.kysely.updateTable('settings').set({ value: '4' }).where('name', '=', 'partitions').execute()
  await redis.set(`${partitionPrefix(3, 4)}epoch`, 'somebody swept here')
  assert.match(
    await reasonOf(agreePartitions(database, url, 2)),
    /^PARTITIONS is 2 but this gateway runs with 4; .*FLUSHALL/,
  )
  await redis.flushdb()
  assert.is(await agreePartitions(database, url, 2), 2)
  assert.is(await agreePartitions(database, url, 2), 2)
  redis.disconnect()
  await drop()
  await database.close()
})

wait.run()
