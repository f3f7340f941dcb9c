/**
 * A whole gateway as `npm start` runs it, on free ports and with a folder of its own, for tests of what a user or an
 * operator meets: real processes, real signals.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePort } from '../../ops/embedded/port.ts'
import { SETTINGS, type Setting } from '../../ops/settings.ts'

export interface StartedGateway {
  /** Of the API. */
  url: string
  dashboardUrl: string
  checkoutUrl: string
  dataDir: string
  /** The supervisor, and what it has printed so far. */
  process: ChildProcess
  output(): string
  /** Settles when the output contains the words. Rejects when it ends, or after 30 s, without them. */
  says(words: string): Promise<void>
  /** The processes it has started, by name: `api`, `sweeper`, `worker-1`, ... */
  children(): Record<string, number>
  /** Sends the signal; settles with the exit code, or the signal it died of. */
  end(signal: NodeJS.Signals): Promise<number | NodeJS.Signals>
}

const LIMIT_MS = 30_000
const launched = new Set<ChildProcess>()
// A test that failed halfway has ended nothing; its children follow their supervisor.
process.on('exit', () => {
  for (const child of launched) child.kill('SIGKILL')
})

const START = join(import.meta.dirname, '..', '..', 'ops', 'start.ts')

/** Ready for calls. `settings` go before the ones chosen here: one worker, the log for warnings only. */
export async function startGateway(
  dataDir: string,
  settings: Partial<Record<Setting, string>> = {},
): Promise<StartedGateway> {
  const gateway = await launchGateway(dataDir, settings)
  await gateway.says('The gateway is ready.')
  return gateway
}

/** As above, but does not wait for anything: for starts that are meant to fail. */
export async function launchGateway(
  dataDir: string,
  settings: Partial<Record<Setting, string>> = {},
): Promise<StartedGateway> {
  const port = settings.API_PORT ?? String(await freePort())
  const dashboardPort = settings.DASHBOARD_PORT ?? String(await freePort())
  const checkoutPort = settings.CHECKOUT_PORT ?? String(await freePort())
  const env: NodeJS.ProcessEnv = { ...process.env }
  for (const name of SETTINGS) delete env[name]
  const child = spawn(process.execPath, [START], {
    env: {
      ...env,
      DATA_DIR: dataDir,
      API_PORT: port,
      DASHBOARD_PORT: dashboardPort,
      CHECKOUT_PORT: checkoutPort,
      WORKERS: '1',
      LOG_LEVEL: 'warn',
      ...settings,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  launched.add(child)
  const ended = new Promise<number | NodeJS.Signals>((resolve) => {
    child.once('close', (code, signal) => {
      launched.delete(child)
      resolve(code ?? (signal as NodeJS.Signals))
    })
  })
  let output = ''
  const read = (chunk: Buffer) => {
    output += chunk.toString('utf8')
  }
  child.stdout.on('data', read)
  child.stderr.on('data', read)
  return {
    url: `http://localhost:${port}`,
    dashboardUrl: `http://localhost:${dashboardPort}`,
    checkoutUrl: `http://localhost:${checkoutPort}`,
    dataDir,
    process: child,
    output: () => output,
    says: (words) => heard(child, words, () => output),
    children: () => JSON.parse(readFileSync(join(dataDir, 'processes.json'), 'utf8')),
    end: (signal) => {
      child.kill(signal)
      return ended
    },
  }
}

function heard(child: ChildProcess, words: string, output: () => string): Promise<void> {
  return new Promise((resolve, reject) => {
    const look = () => output().includes(words) && settle()
    const end = () => output().includes(words) || settle(`ended without saying "${words}"`)
    const late = () => settle(`did not say "${words}" within ${LIMIT_MS / 1000} s`)
    const limit = setTimeout(late, LIMIT_MS)
    const settle = (trouble?: string) => {
      clearTimeout(limit)
      child.stdout?.off('data', look)
      child.stderr?.off('data', look)
      child.off('close', end)
      if (trouble) reject(new Error(`npm start ${trouble}:\n${output()}`))
      else resolve()
      return true
    }
    child.stdout?.on('data', look)
    child.stderr?.on('data', look)
    child.on('close', end)
    look()
  })
}
