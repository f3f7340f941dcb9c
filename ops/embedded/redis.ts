/**
 * Redis beside us, on loopback, without a password and without persistence: what it holds is rebuilt from Postgres
 * whenever it is gone, so a snapshot would only be an older opinion.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { StopReason } from '../stop-reason.ts'
import { type LogFile, openLogFile } from './log-file.ts'
import { freePort } from './port.ts'
import { commandLine, type Ending, endProcess, isAlive } from './process.ts'
import { findRedis } from './redis-program.ts'
import { EmbeddedServer } from './server.ts'

export interface RedisOptions {
  /** Absolute. Its files go into `redis/`, its log into `logs/`. */
  dir: string
  /** The port to take if it is free; an adopted server keeps its own. */
  port?: number
  /** How many numbered databases it has. */
  databases?: number
  /** Told what takes a while. */
  say(line: string): void
}

const ENDINGS: readonly Ending[] = [
  ['SIGTERM', 5_000],
  ['SIGKILL', 5_000],
]
const START_ATTEMPTS = 5
const START_LIMIT_MS = 20_000
const PING_LIMIT_MS = 2_000
const POLL_MS = 20

/** Adopts the server that an earlier start left, or starts one. */
export async function startRedis(options: RedisOptions): Promise<EmbeddedServer> {
  const home = join(options.dir, 'redis')
  mkdirSync(home, { recursive: true })
  const leftover = await takeOverRedis(home)
  if (leftover) return leftover

  const { program, libraries } = await findRedis(options.say)
  const log = openLogFile(join(options.dir, 'logs', 'redis.log'))
  try {
    for (let attempt = 1; ; attempt++) {
      const port = await freePort(attempt === 1 ? options.port : undefined)
      const child = spawnServer(program, libraries, home, port, log, options.databases ?? 16)
      if (await isReady(child, port)) return new EmbeddedServer({ url: urlOf(port), port }, child, ENDINGS)
      if (attempt === START_ATTEMPTS || !log.text().includes('Address already in use')) {
        throw new StopReason(`Redis does not start (${program}): ${log.text().trim().split('\n').at(-1)}`)
      }
    }
  } finally {
    log.close()
  }
}

function spawnServer(
  program: string,
  libraries: string | null,
  home: string,
  port: number,
  log: LogFile,
  databases: number,
): ChildProcess {
  const settings = {
    port,
    bind: '127.0.0.1',
    dir: home,
    pidfile: join(home, 'redis.pid'),
    databases,
    save: '',
    appendonly: 'no',
    // Mailboxes may be refused, never evicted.
    'maxmemory-policy': 'noeviction',
  }
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)])
  const child = spawn(program, args, {
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
    ...(libraries && { env: { LD_LIBRARY_PATH: libraries } }),
  })
  child.once('error', () => child.emit('exit', 127, null))
  return child
}

async function isReady(child: ChildProcess, port: number): Promise<boolean> {
  let ended = false
  child.once('exit', () => {
    ended = true
  })
  const deadline = performance.now() + START_LIMIT_MS
  while (!ended && performance.now() < deadline) {
    if ((await processAt(port)) === child.pid) return true
    await sleep(POLL_MS)
  }
  if (!ended) await endProcess(child.pid as number, ENDINGS)
  return false
}

/** The server that an earlier start left: adopted when it answers, else ended. */
export async function takeOverRedis(home: string): Promise<EmbeddedServer | null> {
  const pid = readPid(join(home, 'redis.pid'))
  if (!pid || !isAlive(pid)) return null
  // A Redis shows its address in its command line: `redis-server 127.0.0.1:40123`. Anybody else reuses the number.
  const port = Number(/(?:redis|valkey)-server .*:(\d+)/.exec(commandLine(pid))?.[1])
  if (!port) return null
  if ((await processAt(port)) === pid) return new EmbeddedServer({ url: urlOf(port), port }, pid, ENDINGS)
  await endProcess(pid, ENDINGS)
  return null
}

function readPid(path: string): number | null {
  try {
    return Number(readFileSync(path, 'utf8')) || null
  } catch {
    return null // none was started here, or it ended in good order and took the file along
  }
}

/** The number of the process that answers as Redis on this port; null when none does. */
async function processAt(port: number): Promise<number | null> {
  const client = new Redis({
    host: '127.0.0.1',
    port,
    lazyConnect: true,
    connectTimeout: PING_LIMIT_MS,
    commandTimeout: PING_LIMIT_MS,
    retryStrategy: () => null,
  })
  client.on('error', () => {}) // connect() and info() reject with the same
  try {
    await client.connect()
    return Number(/process_id:(\d+)/.exec(await client.info('server'))?.[1]) || null
  } catch {
    return null
  } finally {
    client.disconnect()
  }
}

function urlOf(port: number): string {
  return `redis://127.0.0.1:${port}`
}
