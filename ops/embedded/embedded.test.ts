/** Needs no server: it starts its own, as that is what it tests. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import pg from 'pg'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { freshFolder } from '../../tests/support/folder.ts'
import { endLeftovers } from './leftovers.ts'
import { bindOnce, freePort } from './port.ts'
import { startPostgres } from './postgres.ts'
import { isAlive, waitForEnd } from './process.ts'
import { startRedis } from './redis.ts'

const embedded = suite('embedded servers')
const folder = freshFolder()
const dir = folder.path
const say = () => {}

embedded.after(async () => {
  await endLeftovers(dir)
  folder.drop()
})

/** Another process that starts both servers in `dir`, tells their numbers, and lives on. */
async function starter(): Promise<{ process: ChildProcess; pids: [number, number] }> {
  const here = import.meta.dirname
  const code = `
    import { startPostgres } from ${JSON.stringify(join(here, 'postgres.ts'))}
    import { startRedis } from ${JSON.stringify(join(here, 'redis.ts'))}
    const dir = ${JSON.stringify(dir)}
    const servers = [await startPostgres({ dir }), await startRedis({ dir, say() {} })]
    process.send(servers.map(({ pid }) => pid))
    setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', code], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const [pids] = (await once(child, 'message')) as [[number, number]]
  return { process: child, pids }
}

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query({ text, rowMode: 'array' })).rows.flat()
  } finally {
    await client.end()
  }
}

embedded(
  'PostgreSQL starts in a folder of mode 0700, keeps its data over a restart, and takes its old port',
  async () => {
    const first = await startPostgres({ dir })
    assert.equal(first.adopted, false)
    await query(first.url, 'create table kept as select 42 as answer')
    await first.stop()
    assert.not(isAlive(first.pid))
    const second = await startPostgres({ dir, port: first.port })
    assert.is(second.port, first.port)
    assert.equal(await query(second.url, 'select answer from kept'), [42])
    await second.stop()
  },
)

embedded('Redis starts without persistence and never evicts', async () => {
  const server = await startRedis({ dir, say })
  const client = new Redis(server.url, { retryStrategy: () => null })
  const settings = await Promise.all(['maxmemory-policy', 'save'].map((name) => client.config('GET', name)))
  client.disconnect()
  assert.equal(settings.flat(), ['maxmemory-policy', 'noeviction', 'save', ''])
  await server.stop()
  assert.not(isAlive(server.pid))
})

embedded('servers whose starter was killed are adopted by the next start, and end with it', async () => {
  const { process: child, pids } = await starter()
  child.kill('SIGKILL')
  await once(child, 'exit')
  assert.ok(pids.every(isAlive))
  const [postgres, redis] = [await startPostgres({ dir }), await startRedis({ dir, say })]
  assert.equal([postgres.adopted, redis.adopted], [true, true])
  assert.equal([postgres.pid, redis.pid], pids)
  assert.equal(await query(postgres.url, 'select 1'), [1])
  await Promise.all([postgres.stop(), redis.stop()])
  // An adopted server is watched by a timer that keeps nobody awake: not this test, either.
  const awake = setInterval(() => {}, 1_000)
  await Promise.all([postgres.ended, redis.ended])
  clearInterval(awake)
  assert.not(pids.some(isAlive))
})

embedded('PostgreSQL comes back after its own SIGKILL, from its log', async () => {
  const first = await startPostgres({ dir })
  process.kill(first.pid, 'SIGKILL')
  await first.ended
  const second = await startPostgres({ dir, port: first.port })
  assert.not(second.adopted)
  assert.equal(await query(second.url, 'select answer from kept'), [42])
  await second.stop()
})

embedded('a number in postmaster.pid that belongs to somebody else now does not stop the start', async () => {
  const lines = [process.pid, join(dir, 'postgres'), 1, 5432, '', '127.0.0.1', '', 'ready', '']
  writeFileSync(join(dir, 'postgres', 'postmaster.pid'), lines.join('\n'))
  const server = await startPostgres({ dir })
  assert.not(server.adopted)
  await server.stop()
})

embedded('half of a cluster, left by a start that was killed, is made anew', async () => {
  const other = join(dir, 'other')
  mkdirSync(join(other, 'postgres.new', 'base'), { recursive: true })
  const server = await startPostgres({ dir: other })
  assert.equal(await query(server.url, 'select current_database()'), ['payment_gateway'])
  await server.stop()
})

embedded('a port that is taken is replaced by a free one', async () => {
  const first = await startRedis({ dir, say })
  const taken = await bindOnce(first.port, '127.0.0.1').catch((error) => error.code)
  assert.is(taken, 'EADDRINUSE')
  assert.not.equal(await freePort(first.port), first.port)
  const other = await startRedis({ dir: join(dir, 'other'), port: first.port, say })
  assert.not.equal(other.port, first.port)
  await Promise.all([first.stop(), other.stop()])
})

embedded('leftovers are found and ended however deep they lie', async () => {
  const deep = join(dir, '.data', 'deep')
  const [postgres, redis] = [await startPostgres({ dir: deep }), await startRedis({ dir: deep, say })]
  await endLeftovers(dir)
  assert.ok((await waitForEnd(postgres.pid, 1000)) && (await waitForEnd(redis.pid, 1000)))
  assert.not(existsSync(join(deep, 'postgres', 'postmaster.pid')))
})

embedded.run()
