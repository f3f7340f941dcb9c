/**
 * Where the Redis server program comes from. No npm package ships one, so: one that is installed; else, on Debian and
 * Ubuntu, a private copy of the distribution's own, unpacked without root beside npm's other caches; else the reader is
 * told how to install it.
 */
import { execFile } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { StopReason } from '../stop-reason.ts'

const run = promisify(execFile)

const COPY = join(import.meta.dirname, '..', '..', 'node_modules', '.cache', 'redis')
/** Scripts declare their flags (`#!lua flags=...`), which older servers do not read. */
const OLDEST_MAJOR = 7
const STEP_LIMIT_MS = 120_000

export interface RedisProgram {
  program: string
  /** Folder of the libraries that the private copy brings along; null for an installed program. */
  libraries: string | null
}

const copy: RedisProgram = { program: join(COPY, 'redis-server'), libraries: COPY }

/** Throws a StopReason with what to install when there is no way to a server on this machine. */
export async function findRedis(say: (line: string) => void): Promise<RedisProgram> {
  for (const name of ['valkey-server', 'redis-server']) {
    if (await isUsable({ program: name, libraries: null })) return { program: name, libraries: null }
  }
  if (await isUsable(copy)) return copy
  const trouble = await fetchCopy(say)
  if (!trouble && (await isUsable(copy))) return copy
  throw new StopReason(
    `no Redis server (${OLDEST_MAJOR}.0 or newer) on this machine${trouble && ` and none could be fetched (${trouble})`}: ` +
      `${howToInstall()}, or set REDIS_URL`,
  )
}

async function isUsable({ program, libraries }: RedisProgram): Promise<boolean> {
  try {
    const env = libraries ? { LD_LIBRARY_PATH: libraries } : undefined
    const { stdout } = await run(program, ['--version'], { ...(env && { env }), timeout: STEP_LIMIT_MS })
    return Number(/v=(\d+)/.exec(stdout)?.[1]) >= OLDEST_MAJOR
  } catch {
    return false // not there, or not for this machine
  }
}

function howToInstall(): string {
  if (process.platform === 'darwin') return 'brew install redis'
  if (process.platform === 'win32') return 'use WSL'
  return 'install the package redis-server or valkey'
}

/** Fetches and unpacks the copy; answers why it could not be done, or an empty string. */
async function fetchCopy(say: (line: string) => void): Promise<string> {
  if (process.platform !== 'linux' || !existsSync('/usr/bin/apt-get')) return ''
  let scratch: string | undefined
  try {
    mkdirSync(join(COPY, '..'), { recursive: true })
    scratch = mkdtempSync(`${COPY}-`)
    say('no Redis on this machine: fetching a private copy into node_modules/.cache (once)')
    await download(scratch)
    await unpack(scratch)
    return ''
  } catch (error) {
    const { stderr, message } = error as Error & { stderr?: string }
    return (stderr?.match(/^E: .*/m)?.[0] ?? message).split('\n')[0] as string
  } finally {
    if (scratch) rmSync(scratch, { recursive: true, force: true })
  }
}

/** With the machine's package lists if it has any (a fresh container has none), else with lists of our own. */
async function download(scratch: string): Promise<void> {
  const asUs = ['-o', 'APT::Sandbox::User=']
  try {
    await downloadPackages(scratch, asUs)
  } catch {
    for (const dir of ['lists/partial', 'cache/archives/partial']) mkdirSync(join(scratch, dir), { recursive: true })
    const own = [`Dir::State::Lists=${scratch}/lists`, `Dir::Cache=${scratch}/cache`, 'Debug::NoLocking=1']
    const options = [...asUs, ...own.flatMap((option) => ['-o', option])]
    await run('apt-get', [...options, 'update'], { timeout: STEP_LIMIT_MS })
    await downloadPackages(scratch, options)
  }
}

/** redis-tools carries the server too: redis-check-rdb is the same program under another name. */
async function downloadPackages(scratch: string, options: string[]): Promise<void> {
  const { stdout } = await run('apt-cache', [...options, 'depends', '--important', 'redis-tools'])
  const depends = [...stdout.matchAll(/^ *\|?Depends: (lib\S+)/gm)].map((match) => match[1] as string)
  const missing: string[] = []
  for (const name of depends) if (!(await isInstalled(name))) missing.push(name)
  const names = ['redis-tools', ...missing]
  await run('apt-get', [...options, 'download', ...names], { cwd: scratch, timeout: STEP_LIMIT_MS })
}

async function isInstalled(name: string): Promise<boolean> {
  try {
    return (await run('dpkg-query', ['-s', name])).stdout.includes('ok installed')
  } catch {
    return false
  }
}

/** One flat folder, put in place by a rename: two starts that fetch at the same time both end up with a whole one. */
async function unpack(scratch: string): Promise<void> {
  const root = join(scratch, 'root')
  const flat = join(scratch, 'flat')
  mkdirSync(flat)
  for (const file of readdirSync(scratch).filter((name) => name.endsWith('.deb'))) {
    await run('dpkg', ['-x', join(scratch, file), root])
  }
  copyFileSync(join(root, 'usr/bin/redis-check-rdb'), join(flat, 'redis-server'))
  for (const path of readdirSync(join(root, 'usr/lib'), { recursive: true, encoding: 'utf8' })) {
    const name = path.split('/').at(-1) as string
    if (/\.so(\.|$)/.test(name)) copyFileSync(join(root, 'usr/lib', path), join(flat, name))
  }
  if (await isUsable(copy)) return
  rmSync(COPY, { recursive: true, force: true }) // of another distribution, or another processor
  renameSync(flat, COPY)
}
