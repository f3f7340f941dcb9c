/**
 * `npm start`: the whole gateway on one machine, with one command.
 *
 *  1. takes DATA_DIR, and ends what an earlier start that was killed has left of its processes;
 *  2. starts PostgreSQL and Redis, or adopts those that were left running (DATABASE_URL and REDIS_URL win);
 *  3. migrates, and seeds the test merchant;
 *  4. builds what browsers load, when it is missing or old;
 *  5. starts the API, a sweeper, the workers, the dashboard and the checkout, each in a process of its own, and replaces whoever dies;
 *  6. on Ctrl-C or SIGTERM: drains the pages, the API, then the others, and ends the servers last.
 */
import { join } from 'node:path'
import { Vault } from '../schema/secrets.ts'
import { buildBundles } from './bundles.ts'
import { type Config, callable, childEnvironment, readConfig } from './config.ts'
import { refuseTakenPorts } from './ports.ts'
import { prepareDatabase } from './prepare.ts'
import { secretsKey } from './secrets-key.ts'
import { onStopSignals } from './signals.ts'
import { explain } from './stop-reason.ts'
import { box } from './supervisor/box.ts'
import { takeDataDir } from './supervisor/data-dir.ts'
import { endEarlierFamily, Family } from './supervisor/family.ts'
import { type EmbeddedServers, startServers, stopServers } from './supervisor/servers.ts'
import { waitForRedis } from './wait.ts'

const say = (line: string) => console.log(line)

/** What has been started so far, so that whatever stops us can stop it. */
const started: { giveBack?: () => void; servers?: Promise<EmbeddedServers>; family?: Family } = {}

async function main(): Promise<void> {
  const config = readConfig(true)
  started.giveBack = takeDataDir(config.dataDir)
  await endEarlierFamily(config.dataDir)
  await refuseTakenPorts(config.host, {
    API_PORT: config.apiPort,
    DASHBOARD_PORT: config.dashboardPort,
    CHECKOUT_PORT: config.checkoutPort,
  })
  const key = secretsKey(config)

  say('waiting for PostgreSQL and Redis ...')
  started.servers = startServers(config, say, fail)
  const embedded = await started.servers
  const databaseUrl = (config.databaseUrl ?? embedded.postgres?.url) as string
  const redisUrl = (config.redisUrl ?? embedded.redis?.url) as string
  await waitForRedis(redisUrl, say)
  const partitions = await prepareDatabase(config, { databaseUrl, redisUrl }, new Vault(key), say)

  await buildBundles(say)
  if (stopping) return
  say(`waiting for the API, a sweeper and ${config.workers} ${config.workers === 1 ? 'worker' : 'workers'} ...`)
  const env = childEnvironment({
    DATABASE_URL: databaseUrl,
    REDIS_URL: redisUrl,
    SECRETS_KEY: key.toString('base64'),
    DEMO: String(config.demo),
    PARTITIONS: String(partitions),
    DATA_DIR: config.dataDir,
  })
  started.family = new Family({
    config,
    redisUrl,
    partitions,
    // Six processes load much the same code: compiled once and kept, it takes half the time.
    env: { ...env, NODE_COMPILE_CACHE: join(import.meta.dirname, '..', 'node_modules', '.cache', 'compiled') },
    say,
    onHopeless: fail,
  })
  await started.family.ready()
  say(readyBox(config))
}

function readyBox({
  host,
  dashboardPort,
  publicApiUrl,
  publicCheckoutUrl,
  testMerchant,
  dataDir,
  workers,
}: Config): string {
  return box('The gateway is ready.', [
    ['Dashboard', `http://${callable(host)}:${dashboardPort}`],
    ['API', publicApiUrl],
    ['Checkout', `${publicCheckoutUrl}/checkout.js`],
    ['API reference', `${publicApiUrl}/docs`],
    ['X-Api-Key', testMerchant.apiKey],
    ['X-Api-Secret', testMerchant.apiSecret],
    ['Processes', `API, dashboard, checkout, sweeper, ${workers} ${workers === 1 ? 'worker' : 'workers'}`],
    ['Data and logs', dataDir],
    ['Stop', 'Ctrl-C'],
  ])
}

let stopping = false

/** Stops in the opposite order of the start. What can't be stopped is told, and the rest is stopped all the same. */
async function stop(code: number): Promise<void> {
  if (stopping) return
  stopping = true
  let worst = code
  const steps = [
    () => started.family?.stop(),
    // A signal may come while they start. Those that failed to are stopped already, and told about.
    () => started.servers?.then(stopServers, () => undefined),
    () => started.giveBack?.(),
  ]
  for (const step of steps) {
    try {
      await step()
    } catch (error) {
      explain(error)
      worst = 1
    }
  }
  process.exit(worst)
}

function fail(error: unknown): void {
  if (!stopping) explain(error)
  void stop(1)
}

onStopSignals(
  (signal) => {
    say(`\n${signal}: draining; once more ends it at once`)
    void stop(0)
  },
  () => started.family?.kill(),
)
main().catch(fail)
