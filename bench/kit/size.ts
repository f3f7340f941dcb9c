/** A gateway with so many open payments, and what three things cost in it: a message, a sweep, a page of the list. */
import { setTimeout as sleep } from 'node:timers/promises'
import { gatewayStorage } from '../../actors/storage.ts'
import { toAddress } from '../../runtime/address.ts'
import { openRedis, ready } from '../../runtime/redis.ts'
import { defineScripts, Partition } from '../../runtime/scripts.ts'
import { openDatabase } from '../../schema/database.ts'
import { insertCommands, insertOpenPayments } from './bulk.ts'
import type { Child } from './child.ts'
import { Gateway, PAYMENT_CALL } from './gateway.ts'
import type { Servers } from './servers.ts'
import { startCounting } from './spent.ts'
import { median, nowMs } from './time.ts'

/** Within the horizon, so that each has its alarm in Redis; after the benchmark's end. */
const DUE_IN_MS = 580_000
const MESSAGES = 2_000
const OVERDUE = 500
const SWEEPS = 20
const PAGES = 40
const LIMIT_MS = 120_000
const PREFIX = '{0}:'
const TENANT = '1'

export interface Size {
  /** The cursor of page 1,000, one payment a page. */
  page1000: string
  /** A pass over 500 overdue payments, each nudged. ms; before the worker starts. */
  sweepMs(): Promise<number>
  startWorker(): Promise<void>
  /** CPU time of worker, Postgres and Redis, us a message to payments drawn from all. */
  messageUs(): Promise<number>
  /** The page behind the cursor, or the first, ms as the merchant waits for it. */
  pageMs(cursor: string | null): Promise<number>
  stop(): Promise<void>
}

export async function openSize(servers: Servers, number: number, open: number): Promise<Size> {
  const gateway = await Gateway.create(servers, `flat_${open}`, number)
  const api = await gateway.startApi()
  await insertOpenPayments(gateway, open, DUE_IN_MS)
  const redis = openRedis(gateway.redisUrl, 'commands')
  await ready(redis)
  defineScripts(redis)
  const partition = new Partition(redis, PREFIX)
  const database = openDatabase({ url: gateway.databaseUrl, max: 1, applicationName: 'bench' })
  const storage = gatewayStorage(database)
  let worker: Child | null = null

  const list = `http://127.0.0.1:${api.port}${PAYMENT_CALL.path}`
  const page = async (query: string): Promise<{ next_cursor: string }> => {
    const response = await fetch(`${list}?${query}`, { headers: PAYMENT_CALL.headers })
    if (!response.ok) throw new Error(`the list answered ${response.status}`)
    return (await response.json()) as { next_cursor: string }
  }

  await gateway.query(MAKE_OVERDUE, [OVERDUE])
  return {
    page1000: await cursorOf(1000, page),
    async sweepMs() {
      const passes: number[] = []
      for (let n = 0; n < SWEEPS; n++) {
        const startedMs = nowMs()
        const { owed } = await storage.owed({ fromMs: null, toMs: -5_000, after: null, limit: 1_000 })
        if (owed.length !== OVERDUE) throw new Error(`${owed.length} of ${OVERDUE} were found overdue`)
        for (let i = 0; i < owed.length; i += 250) await partition.nudge(owed.slice(i, i + 250))
        passes.push(nowMs() - startedMs)
      }
      return median(passes)
    },
    async startWorker() {
      await gateway.query(MEND_OVERDUE)
      await redis.flushdb()
      worker = await gateway.startWorker()
      await until(
        async () => (await redis.zcard(`${PREFIX}due`)) >= open && (await redis.exists(`${PREFIX}epoch`)) === 1,
      )
    },
    async messageUs() {
      const ids = await insertCommands(gateway, MESSAGES, open)
      const spent = startCounting(servers, { worker: (worker as Child).pid })
      const doorbells = ids.map((id) => ({
        address: toAddress({ tenant: TENANT, kind: 'payment', id }),
        envelope: 'bank_answer',
      }))
      for (let i = 0; i < doorbells.length; i += 256) await partition.send(1_000, doorbells.slice(i, i + 256))
      await until(async () => (await gateway.query('select from inbox where handled_at is null limit 1')).length === 0)
      return Object.values(spent(ids.length)).reduce((sum, us) => sum + us, 0)
    },
    async pageMs(cursor) {
      const times: number[] = []
      for (let n = 0; n < PAGES; n++) {
        const startedMs = nowMs()
        await page(cursor === null ? 'limit=10' : `limit=1&cursor=${cursor}`)
        times.push(nowMs() - startedMs)
      }
      return median(times)
    },
    async stop() {
      redis.disconnect()
      await Promise.all([database.close(), api.process.end(), worker?.end()])
    },
  }
}

async function cursorOf(number: number, page: (query: string) => Promise<{ next_cursor: string }>): Promise<string> {
  let { next_cursor: cursor } = await page('limit=1')
  for (let n = 2; n < number; n++) cursor = (await page(`limit=1&cursor=${cursor}`)).next_cursor
  return cursor
}

async function until(done: () => Promise<boolean>): Promise<void> {
  for (const limit = nowMs() + LIMIT_MS; !(await done()); await sleep(20)) {
    if (nowMs() > limit) throw new Error(`not done within ${LIMIT_MS} ms`)
  }
}

const MAKE_OVERDUE = `update payments set wake_at = wake_at - interval '1 hour'
  where id in (select id from payments order by created_at desc limit $1)`
const MEND_OVERDUE = `update payments set wake_at = wake_at + interval '1 hour' where wake_at < now()`
