/** A Redis Cluster on loopback: three masters, a replica each. */
import { join } from 'node:path'
import { freePort } from '../../ops/embedded/port.ts'
import { until } from '../contract/until.ts'
import { RedisNode } from './node.ts'

const MASTERS = 3
const NODES = 2 * MASTERS
const SLOTS = 16_384
/** Short, so that a failover takes two seconds instead of fifteen. */
const NODE_TIMEOUT_MS = 1_500
const FORM_LIMIT_MS = 30_000
const KEYS_A_MOVE = 100

export class LocalCluster {
  readonly nodes: readonly RedisNode[]

  private constructor(nodes: RedisNode[]) {
    this.nodes = nodes
  }

  /** Whole: every slot has a master, every master a replica. */
  static async start(dir: string): Promise<LocalCluster> {
    const nodes: RedisNode[] = []
    for (let n = 0; n < NODES; n++) {
      const { node, busPort } = await startNode(join(dir, `node-${n}`))
      await nodes[0]?.ask('CLUSTER', 'MEET', '127.0.0.1', node.port, busPort)
      nodes.push(node)
    }
    const cluster = new LocalCluster(nodes)
    await until(async () => (await Promise.all(nodes.map(knownNodes))).every((known) => known === NODES), FORM_LIMIT_MS)
    const ids = await Promise.all(nodes.map(idOf))
    for (let n = 0; n < MASTERS; n++) {
      const from = Math.floor((n * SLOTS) / MASTERS)
      const to = Math.floor(((n + 1) * SLOTS) / MASTERS) - 1
      await nodes[n]?.ask('CLUSTER', 'ADDSLOTSRANGE', from, to)
    }
    await until(() => cluster.isWhole(), FORM_LIMIT_MS)
    for (let n = MASTERS; n < NODES; n++) await nodes[n]?.ask('CLUSTER', 'REPLICATE', ids[n - MASTERS] as string)
    await until(async () => (await cluster.replicas()).length === MASTERS, FORM_LIMIT_MS)
    return cluster
  }

  get url(): string {
    return `redis+cluster://${this.nodes.map(({ port }) => `127.0.0.1:${port}`).join(',')}`
  }

  /** Nodes that live and are masters, as they say themselves. */
  async masters(): Promise<RedisNode[]> {
    return this.#withRole('master')
  }

  /** Replicas that live and follow their master. */
  async replicas(): Promise<RedisNode[]> {
    return this.#withRole('slave')
  }

  /** Every living node sees every slot served. */
  async isWhole(): Promise<boolean> {
    const infos = await Promise.all(this.#living().map((node) => node.ask('CLUSTER', 'INFO')))
    return infos.every((info) => String(info).includes('cluster_state:ok'))
  }

  /** A planned failover: a replica takes its master's place. */
  async failover(replica: RedisNode): Promise<void> {
    await replica.ask('CLUSTER', 'FAILOVER')
    await until(async () => (await this.masters()).includes(replica), FORM_LIMIT_MS)
  }

  /** Moves a slot with its keys, as redis-cli's reshard does it: while it lasts both sides answer ASK or TRYAGAIN. */
  async migrate(slot: number, from: RedisNode, to: RedisNode): Promise<void> {
    const [fromId, toId] = await Promise.all([idOf(from), idOf(to)])
    await to.ask('CLUSTER', 'SETSLOT', slot, 'IMPORTING', fromId)
    await from.ask('CLUSTER', 'SETSLOT', slot, 'MIGRATING', toId)
    for (;;) {
      const keys = (await from.ask('CLUSTER', 'GETKEYSINSLOT', slot, KEYS_A_MOVE)) as string[]
      if (keys.length === 0) break
      await from.ask('MIGRATE', '127.0.0.1', to.port, '', 0, 5_000, 'KEYS', ...keys)
    }
    for (const node of [to, from, ...(await this.masters()).filter((other) => other !== to && other !== from)]) {
      await node.ask('CLUSTER', 'SETSLOT', slot, 'NODE', toId)
    }
  }

  async stop(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.kill()))
  }

  #living(): RedisNode[] {
    return this.nodes.filter(({ alive }) => alive)
  }

  async #withRole(role: 'master' | 'slave'): Promise<RedisNode[]> {
    const roles = await Promise.all(this.#living().map(async (node) => ({ node, role: (await node.client.role())[0] })))
    return roles.filter((one) => one.role === role).map(({ node }) => node)
  }
}

async function startNode(dir: string): Promise<{ node: RedisNode; busPort: number }> {
  const port = await freePort()
  // The bus would take port + 10000, which may not exist.
  const busPort = await freePort()
  const settings = {
    port,
    bind: '127.0.0.1',
    'cluster-enabled': 'yes',
    'cluster-port': busPort,
    'cluster-node-timeout': NODE_TIMEOUT_MS,
    'cluster-config-file': 'nodes.conf',
    save: '',
    appendonly: 'no',
    'maxmemory-policy': 'noeviction',
    'repl-diskless-sync-delay': 0,
  }
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)])
  return { node: await RedisNode.start({ port, dir, args }), busPort }
}

async function idOf(node: RedisNode): Promise<string> {
  return String(await node.ask('CLUSTER', 'MYID'))
}

async function knownNodes(node: RedisNode): Promise<number> {
  return Number(/cluster_known_nodes:(\d+)/.exec(String(await node.ask('CLUSTER', 'INFO')))?.[1])
}
