/**
 * Connections to Redis: one server, Sentinel or Cluster, told apart by the URL.
 *
 * Commands fail at once when the connection drops; they are never queued or resent behind our back, because by default a
 * client runs a script twice and reports one success. Who sends a turn decides what to do about it.
 */
import { Cluster, type ClusterOptions, Redis, type RedisOptions } from 'ioredis'

export type RedisConnection = Redis | Cluster

/** `blocking`: a connection that waits in BLPOP, so no command timeout may end it. */
export type ConnectionUse = 'commands' | 'blocking'

const COMMAND_TIMEOUT_MS = 3000
/** A silence longer than this, while an answer is owed, means that the connection is dead: nothing else would tell for minutes. */
const SILENCE_MS = 4000
/** A BLPOP lasts 5 s at most. */
const BLOCKING_SILENCE_MS = 8000

function options(use: ConnectionUse): RedisOptions {
  return {
    lazyConnect: true,
    connectTimeout: 2000,
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    retryStrategy: (tries) => Math.min(50 * tries, 250),
    // A failover leaves us on what has become a replica: a new connection finds the master.
    reconnectOnError: (error) => error.message.startsWith('READONLY'),
    ...(use === 'commands'
      ? { commandTimeout: COMMAND_TIMEOUT_MS, socketTimeout: SILENCE_MS }
      : { socketTimeout: BLOCKING_SILENCE_MS }),
  }
}

interface Place {
  kind: 'single' | 'sentinel' | 'cluster'
  hosts: { host: string; port: number }[]
  username?: string
  password?: string
  /** Database number, or the master's name under Sentinel. */
  path: string
}

/**
 * Reads `redis+sentinel://[user:pass@]h1:26379,h2:26379/<master>` and `redis+cluster://h1:7000,h2:7001` by hand: a WHATWG URL
 * can't hold several hosts. `redis://` and `rediss://` are left to the client. Throws a RangeError that says what is allowed.
 */
export function parseRedisUrl(url: string): Place {
  const match =
    /^(rediss?|redis\+sentinel|redis\+cluster):\/\/(?:([^:@/]*)(?::([^@/]*))?@)?([^/?]+)(?:\/([^?]*))?$/.exec(url)
  if (!match) {
    throw new RangeError(
      'a Redis URL is redis://, rediss://, redis+sentinel://h1:26379,h2:26379/<master> or redis+cluster://h1:7000,h2:7001',
    )
  }
  const [, scheme, username, password, hosts = '', path = ''] = match
  const kind = scheme === 'redis+sentinel' ? 'sentinel' : scheme === 'redis+cluster' ? 'cluster' : 'single'
  const defaultPort = kind === 'sentinel' ? 26379 : 6379
  if (kind === 'sentinel' && !path) throw new RangeError('a Sentinel URL ends in /<name of the master>')
  return {
    kind,
    hosts: hosts.split(',').map((entry) => {
      const [, host = '', port] = /^(\[[^\]]+\]|[^:]+)(?::(\d+))?$/.exec(entry) ?? []
      if (!host) throw new RangeError(`not a host and port: ${entry}`)
      return { host: host.replace(/^\[|\]$/g, ''), port: port ? Number(port) : defaultPort }
    }),
    ...(username ? { username: decodeURIComponent(username) } : {}),
    ...(password ? { password: decodeURIComponent(password) } : {}),
    path,
  }
}

/** Opens without waiting: call `connect()`, or let the first command fail while it is not there. */
export function openRedis(url: string, use: ConnectionUse): RedisConnection {
  const place = parseRedisUrl(url)
  const credentials = {
    ...(place.username ? { username: place.username } : {}),
    ...(place.password ? { password: place.password } : {}),
  }
  const connection =
    place.kind === 'cluster'
      ? new Cluster(place.hosts, clusterOptions(use, credentials))
      : place.kind === 'sentinel'
        ? new Redis({ ...options(use), ...credentials, sentinels: place.hosts, name: place.path })
        : new Redis(url, options(use))
  // Without a listener an error event ends the process; whoever sends a command gets the error anyway.
  connection.on('error', () => {})
  return connection
}

function clusterOptions(use: ConnectionUse, credentials: object): ClusterOptions {
  const { lazyConnect, enableOfflineQueue, ...redisOptions } = options(use)
  return {
    lazyConnect,
    enableOfflineQueue,
    clusterRetryStrategy: (tries) => Math.min(50 * tries, 250),
    slotsRefreshTimeout: 2000,
    redisOptions: { ...redisOptions, ...credentials },
  }
}

/** Connects and waits until commands can be sent. Throws what stands in the way, and then it does not go on trying. */
export async function ready(connection: RedisConnection): Promise<void> {
  if (connection.status === 'ready') return
  // The client's promise only says that the connection is closed; why, it tells this event.
  let reason: Error | null = null
  const keep = (error: Error) => {
    reason = error
  }
  connection.on('error', keep)
  try {
    await connection.connect()
    if ((connection.status as string) === 'ready') return
    await new Promise<void>((resolve, reject) => {
      connection.once('ready', resolve)
      connection.once('end', () => reject(new Error('the connection ended before it was ready')))
    })
  } catch (error) {
    connection.disconnect()
    throw new Error(`Redis can't be reached: ${(reason ?? (error as Error)).message}`, { cause: reason ?? error })
  } finally {
    connection.off('error', keep)
  }
}

/** Every server that takes writes. */
export function nodesOf(connection: RedisConnection): Redis[] {
  return connection instanceof Cluster ? connection.nodes('master') : [connection]
}

/**
 * Refuses a Redis that would lose what it was told to keep, or lacks what the scripts need. Reads INFO, since CONFIG may be forbidden.
 * Throws UnfitRedis, whose message says what to change; else what kept INFO from being read, and that may pass.
 */
export async function checkRedis(connection: RedisConnection): Promise<void> {
  for (const node of nodesOf(connection)) {
    const info = await node.info()
    const field = (name: string) => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1]
    const version = field('redis_version') ?? '0'
    if (!field('valkey_version') && Number.parseInt(version, 10) < 7) {
      throw new UnfitRedis(`Redis ${version} is too old: 7.0 or newer, or Valkey, is needed`)
    }
    const policy = field('maxmemory_policy')
    if (policy && policy !== 'noeviction') {
      throw new UnfitRedis(`Redis evicts keys (maxmemory-policy ${policy}): set maxmemory-policy noeviction`)
    }
  }
}

/** A Redis that answers, and will not do: waiting does not help. */
export class UnfitRedis extends Error {
  override name = 'UnfitRedis'
}
