/** A master with two replicas, and three Sentinels that watch over them, on loopback. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePort } from '../../ops/embedded/port.ts'
import { until } from '../contract/until.ts'
import { RedisNode } from './node.ts'

const NAME = 'gateway'
const SENTINELS = 3
const REPLICAS = 2
const DOWN_AFTER_MS = 1_500
const FORM_LIMIT_MS = 30_000

export class LocalSentinels {
  readonly #servers: RedisNode[]
  readonly #sentinels: RedisNode[]

  private constructor(servers: RedisNode[], sentinels: RedisNode[]) {
    this.#servers = servers
    this.#sentinels = sentinels
  }

  /** Every Sentinel knows both replicas and the other two. */
  static async start(dir: string): Promise<LocalSentinels> {
    const master = await startServer(join(dir, 'server-0'), null)
    const servers = [master]
    for (let n = 1; n <= REPLICAS; n++) servers.push(await startServer(join(dir, `server-${n}`), master.port))
    const sentinels: RedisNode[] = []
    for (let n = 0; n < SENTINELS; n++) sentinels.push(await startSentinel(join(dir, `sentinel-${n}`), master.port))
    const group = new LocalSentinels(servers, sentinels)
    await until(async () => (await Promise.all(sentinels.map(isInformed))).every(Boolean), FORM_LIMIT_MS)
    return group
  }

  get url(): string {
    return `redis+sentinel://${this.#sentinels.map(({ port }) => `127.0.0.1:${port}`).join(',')}/${NAME}`
  }

  /** Whom the Sentinels call master now. */
  async master(): Promise<RedisNode> {
    const [, port] = (await this.#ask('GET-MASTER-ADDR-BY-NAME')) as [string, string]
    return this.#servers.find((server) => server.port === Number(port)) as RedisNode
  }

  /** A planned failover; settles when another server is master. */
  async failover(): Promise<void> {
    const before = await this.master()
    await this.#ask('FAILOVER')
    await this.hasMovedFrom(before)
  }

  async hasMovedFrom(before: RedisNode): Promise<void> {
    await until(async () => (await this.master()) !== before, FORM_LIMIT_MS)
    await until(async () => ((await (await this.master()).client.role())[0] as string) === 'master', FORM_LIMIT_MS)
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#sentinels, ...this.#servers].map((node) => node.kill()))
  }

  /** What the first Sentinel says. */
  async #ask(question: string): Promise<unknown> {
    return await this.#sentinels[0]?.ask('SENTINEL', question, NAME)
  }
}

async function startServer(dir: string, masterPort: number | null): Promise<RedisNode> {
  const port = await freePort()
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no']
  const follows = masterPort === null ? [] : ['--replicaof', '127.0.0.1', String(masterPort)]
  const rest = ['--maxmemory-policy', 'noeviction', '--repl-diskless-sync-delay', '0']
  return RedisNode.start({ port, dir, args: [...args, ...rest, ...follows] })
}

/** A Sentinel writes its configuration file anew with what it learns. */
async function startSentinel(dir: string, masterPort: number): Promise<RedisNode> {
  const port = await freePort()
  mkdirSync(dir, { recursive: true })
  const lines = [
    `port ${port}`,
    'bind 127.0.0.1',
    `sentinel monitor ${NAME} 127.0.0.1 ${masterPort} 2`,
    `sentinel down-after-milliseconds ${NAME} ${DOWN_AFTER_MS}`,
    `sentinel failover-timeout ${NAME} 6000`,
  ]
  const path = join(dir, 'sentinel.conf')
  writeFileSync(path, `${lines.join('\n')}\n`)
  return RedisNode.start({ port, dir, args: [path, '--sentinel'] })
}

async function isInformed(sentinel: RedisNode): Promise<boolean> {
  const fields = (await sentinel.ask('SENTINEL', 'MASTER', NAME)) as string[]
  const field = (name: string) => Number(fields[fields.indexOf(name) + 1])
  return field('num-slaves') === REPLICAS && field('num-other-sentinels') === SENTINELS - 1
}
