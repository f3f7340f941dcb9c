/** Processes of the gateway as a container runs them: roles by name, servers by URL, no supervisor. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { type FreshDatabase, type FreshRedis, freshDatabase, freshRedis } from '../tests/support/index.ts'
import { freePort } from './embedded/port.ts'
import { commandLine } from './embedded/process.ts'
import { WILL_NOT_START } from './report.ts'
import { SETTINGS, type Setting } from './settings.ts'

const main = suite('a process of the gateway')
const MAIN = join(import.meta.dirname, 'main.ts')
const SECRETS_KEY = Buffer.alloc(32).toString('base64')
let database: FreshDatabase
let redis: FreshRedis
const running = new Set<ChildProcess>()

main.before(async () => {
  database = await freshDatabase()
  redis = await freshRedis()
})
main.after(async () => {
  for (const child of running) child.kill('SIGKILL')
  await redis.drop()
  await database.drop()
})

interface Started {
  process: ChildProcess
  /** Settles when its log says so. */
  says(words: string): Promise<void>
  ended: Promise<{ code: number | null; output: string }>
}

function run(roles: string[], settings: Partial<Record<Setting, string>>): Started {
  const env: NodeJS.ProcessEnv = { ...process.env }
  for (const name of SETTINGS) delete env[name]
  const child = spawn(process.execPath, [MAIN, ...roles], {
    env: { ...env, ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  running.add(child)
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text))
  const ended = once(child, 'close').then(([code]) => {
    running.delete(child)
    return { code, output }
  })
  return {
    process: child,
    ended,
    async says(words) {
      while (!output.includes(words)) {
        await Promise.race([
          once(child.stdout, 'data'),
          ended.then(() => assert.unreachable(`never said ${words}: ${output}`)),
        ])
      }
    },
  }
}

/** Creates a payment and answers the response's status. */
async function pay(port: string): Promise<number> {
  const response = await fetch(`http://localhost:${port}/api/v1/payments`, {
    method: 'POST',
    headers: {
      'x-api-key': 'key_test_abc123',
      'x-api-secret': 'secret_test_xyz789',
      'content-type': 'application/json',
    },
    body: JSON.stringify({ order_id: 'ord_test_001', method: 'upi', vpa: 'success.0s@sim' }),
  })
  return response.status
}

main('runs several roles, serves, and ends with code 0 on SIGTERM', async () => {
  const API_PORT = String(await freePort())
  const gateway = run(['api', 'worker'], { DATABASE_URL: database.url, REDIS_URL: redis.url, SECRETS_KEY, API_PORT })
  await gateway.says('api is running')
  assert.match(commandLine(gateway.process.pid as number), / api worker$/)
  assert.is(await pay(API_PORT), 201)
  const health = (await (await fetch(`http://localhost:${API_PORT}/health`)).json()) as { worker: string }
  assert.is(health.worker, 'running')
  gateway.process.kill('SIGTERM')
  assert.is((await gateway.ended).code, 0)
})

main('accepts payments without Redis; a worker waits for it and says so', async () => {
  const [API_PORT, nowhere] = [String(await freePort()), await freePort()]
  const servers = { DATABASE_URL: database.url, REDIS_URL: `redis://127.0.0.1:${nowhere}`, SECRETS_KEY }
  const [api, worker] = [run(['api'], { ...servers, API_PORT }), run(['worker'], servers)]
  await Promise.all([api.says('api is running'), worker.says(`waiting for Redis at 127.0.0.1:${nowhere}`)])
  assert.is(await pay(API_PORT), 201)
  for (const { process } of [api, worker]) process.kill('SIGTERM')
  assert.equal([(await api.ended).code, (await worker.ended).code], [0, 0])
})

main("the original's switch names the role when nobody else does", async () => {
  const servers = { DATABASE_URL: database.url, REDIS_URL: redis.url, SECRETS_KEY }
  const worker = run([], { ...servers, SPRING_PROFILES_ACTIVE: 'worker' })
  await worker.says('worker is running')
  assert.match(commandLine(worker.process.pid as number), / worker$/)
  worker.process.kill('SIGTERM')
  assert.is((await worker.ended).code, 0)
})

main('what waiting would not mend ends it with one line and its own exit code', async () => {
  const lines: [string[], Partial<Record<Setting, string>>, RegExp][] = [
    [['boss'], {}, /^"boss" is not a role; allowed is one or more of /],
    [['api'], {}, /^DATABASE_URL is not set: /],
    [['worker'], { DATABASE_URL: database.url }, /^REDIS_URL is not set: /],
    [['api'], { DATABASE_URL: database.url, REDIS_URL: redis.url }, /^SECRETS_KEY is not set/],
    [['api'], { LOG_LEVEL: 'loud' }, /^LOG_LEVEL is "loud"/],
  ]
  for (const [roles, settings, line] of lines) {
    const { code, output } = await run(roles, settings).ended
    assert.is(code, WILL_NOT_START)
    assert.match(output, line)
    assert.is(output.trim().split('\n').length, 1)
  }
})

main.run()
