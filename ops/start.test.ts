/** What whoever types `npm start` meets. It brings its own servers, in a folder that it is given. */
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { freshFolder } from '../tests/support/folder.ts'
import { launchGateway, type StartedGateway, startGateway } from '../tests/support/gateway.ts'
import { endLeftovers } from './embedded/leftovers.ts'
import { commandLine, isAlive, waitForEnd } from './embedded/process.ts'
import { endEarlierFamily } from './supervisor/family.ts'

const start = suite('npm start')
const folder = freshFolder()
const dataDir = join(folder.path, '.data')
let gateway: StartedGateway
let paid: string

start.after(async () => {
  await gateway?.end('SIGTERM')
  await endEarlierFamily(dataDir)
  await endLeftovers(folder.path)
  folder.drop()
})

const KEYS = { 'x-api-key': 'key_test_abc123', 'x-api-secret': 'secret_test_xyz789' }

async function pay(gateway: StartedGateway): Promise<string> {
  const response = await fetch(`${gateway.url}/api/v1/payments`, {
    method: 'POST',
    headers: { ...KEYS, 'content-type': 'application/json' },
    body: JSON.stringify({ order_id: 'ord_test_001', amount: 50000, method: 'upi', vpa: 'success.0s@sim' }),
  })
  assert.is(response.status, 201)
  return ((await response.json()) as { id: string }).id
}

/** The payment's status when it is no longer pending. */
async function outcome(gateway: StartedGateway, id: string): Promise<string> {
  for (let look = 0; look < 200; look++) {
    const response = await fetch(`${gateway.url}/api/v1/payments/${id}`, { headers: KEYS })
    const { status } = (await response.json()) as { status: string }
    if (status !== 'pending') return status
    await sleep(50)
  }
  return 'pending'
}

function serverPids(): number[] {
  const read = (path: string) => Number(readFileSync(join(dataDir, path), 'utf8').split('\n')[0])
  return [read('postgres/postmaster.pid'), read('redis/redis.pid')]
}

start('shows the address and the test keys, and carries a payment to success', async () => {
  gateway = await startGateway(dataDir)
  for (const words of [gateway.url, 'key_test_abc123', 'secret_test_xyz789'])
    assert.ok(gateway.output().includes(words))
  paid = await pay(gateway)
  assert.is(await outcome(gateway, paid), 'success')
})

start("every process's command line ends in its role", () => {
  const roles = Object.entries(gateway.children()).map(([name, pid]) => [name, commandLine(pid).split(' ').at(-1)])
  assert.equal(Object.fromEntries(roles), {
    api: 'api',
    dashboard: 'dashboard',
    checkout: 'checkout',
    sweeper: 'sweeper',
    'worker-1': 'worker',
  })
})

start(
  'children and servers have process groups of their own: a Ctrl-C in the terminal reaches the supervisor alone',
  () => {
    const group = (pid: number) => execFileSync('ps', ['-o', 'pgid=', '-p', String(pid)], { encoding: 'utf8' }).trim()
    const ours = group(gateway.process.pid as number)
    for (const pid of [...Object.values(gateway.children()), ...serverPids()]) assert.not.equal(group(pid), ours)
  },
)

start('a second start on the same folder is refused in one line, and the first one runs on', async () => {
  const second = await launchGateway(dataDir)
  await second.says('npm start runs already in')
  assert.is(await second.end('SIGCONT'), 1)
  assert.is(second.output().trim().split('\n').length, 1)
  assert.is((await fetch(`${gateway.url}/health`)).status, 200)
})

start('a worker that was killed is replaced, and payments go on', async () => {
  const before = gateway.children()['worker-1'] as number
  process.kill(before, 'SIGKILL')
  const id = await pay(gateway)
  assert.is(await outcome(gateway, id), 'success')
  assert.not.equal(gateway.children()['worker-1'], before)
})

start("a dead worker's lease is ended at once, long before it would run out", async () => {
  const { redis: port } = JSON.parse(readFileSync(join(dataDir, 'ports.json'), 'utf8')) as { redis: number }
  const redis = new Redis(port)
  const leases = () => redis.zrange('{0}:leases', '0', '-1')
  const before = gateway.children()['worker-1'] as number
  const held = (await leases()).find((lease) => lease.includes(`-${before}-`)) as string
  assert.ok(held, 'the worker holds no lease')
  const began = performance.now()
  process.kill(before, 'SIGKILL')
  while ((await leases()).includes(held)) await sleep(10)
  redis.disconnect()
  assert.ok(performance.now() - began < 4_000) // it would run out after five seconds
  while (gateway.children()['worker-1'] === before) await sleep(10)
})

start('a signal while the servers still start leaves none of them behind', async () => {
  const early = join(folder.path, 'early')
  const starting = await launchGateway(early)
  await starting.says('waiting for PostgreSQL')
  await sleep(100)
  assert.is(await starting.end('SIGTERM'), 0)
  assert.not(existsSync(join(early, 'postgres', 'postmaster.pid')))
  assert.not(existsSync(join(early, 'redis', 'redis.pid')))
})

start('Postgres and Redis that were killed come back on their ports, and payments go on', async () => {
  for (const pid of serverPids()) process.kill(pid, 'SIGKILL')
  await Promise.all([gateway.says('PostgreSQL is back'), gateway.says('Redis is back')])
  assert.is(await outcome(gateway, await pay(gateway)), 'success')
})

start('a Ctrl-C that arrives twice within a second drains everything, and the servers end last', async () => {
  const pids = [...Object.values(gateway.children()), ...serverPids()]
  gateway.process.kill('SIGINT')
  await sleep(3)
  assert.is(await gateway.end('SIGINT'), 0)
  assert.not(pids.some(isAlive))
  assert.match(readFileSync(join(dataDir, 'logs', 'postgres.log'), 'utf8').trim(), /database system is shut down$/)
})

start('the next start finds its data again, and its servers their ports', async () => {
  const ports = () => readFileSync(join(dataDir, 'ports.json'), 'utf8')
  const before = ports()
  gateway = await startGateway(dataDir)
  assert.is(ports(), before)
  assert.is(await outcome(gateway, paid), 'success')
})

start(
  'when the supervisor is killed its children end; the servers live on and are adopted by the next start',
  async () => {
    const [children, servers] = [Object.values(gateway.children()), serverPids()]
    await gateway.end('SIGKILL')
    for (const pid of children) assert.ok(await waitForEnd(pid, 10_000))
    assert.ok(servers.every(isAlive))
    gateway = await startGateway(dataDir)
    assert.equal(serverPids(), servers)
    assert.is(await gateway.end('SIGTERM'), 0)
    assert.not(servers.some(isAlive))
  },
)

start('a child that is stuck when its supervisor is killed is ended by the next start', async () => {
  gateway = await startGateway(dataDir)
  const stuck = gateway.children().sweeper as number
  process.kill(stuck, 'SIGSTOP')
  await gateway.end('SIGKILL')
  assert.ok(isAlive(stuck))
  gateway = await startGateway(dataDir)
  assert.not(isAlive(stuck))
  assert.is(await gateway.end('SIGTERM'), 0)
})

/** The one line with which a start ends, and that it ends with an error. */
async function refusal(settings: Parameters<typeof launchGateway>[1]): Promise<string> {
  const refused = await launchGateway(join(folder.path, 'refused'), settings)
  await refused.says('\n')
  assert.is(await refused.end('SIGCONT'), 1)
  const lines = refused.output().trim().split('\n')
  assert.is(lines.length, 1, refused.output())
  return lines[0] as string
}

start('a port in use stops it with one line that says what to do', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as { port: number }
  const line = await refusal({ API_PORT: String(port) })
  server.close()
  assert.is(line, `port ${port} is in use: stop what listens there, or set API_PORT to another port`)
})

start('a wrong setting, and a missing one, stop it with one line', async () => {
  assert.is(await refusal({ WORKERS: 'many' }), 'WORKERS is "many"; allowed is a whole number from 1 to 64')
  assert.match(await refusal({ HOST: '192.0.2.1' }), /^HOST is "192.0.2.1"; allowed is an address of this machine/)
  assert.match(await refusal({ DATABASE_URL: 'postgres://127.0.0.1:1/gateway' }), /^SECRETS_KEY is not set/)
})

start.run()
