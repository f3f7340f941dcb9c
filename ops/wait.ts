/**
 * Waits for the two servers. Containers start in any order and machines come back in any order, so "not there yet" is
 * no error; what would never change by waiting is, and stops the start with one line.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { monotonicMs } from '../runtime/clock.ts'
import { checkRedis, openRedis, ready, UnfitRedis } from '../runtime/redis.ts'
import { isStoreAway, openDatabase, sqlState } from '../schema/database.ts'
import { StopReason } from './stop-reason.ts'

const LIMIT_MS = 5 * 60_000
const LOOK_EVERY_MS = 250

type Say = (line: string) => void

/** Throws a StopReason when the server is there but will not have us, or was not there for five minutes. */
export async function waitForPostgres(url: string, say: Say): Promise<void> {
  await waitFor('PostgreSQL', hostsOf(url), say, async () => {
    const database = openDatabase({ url, max: 1, applicationName: 'start' })
    try {
      await database.run({ name: 'hello', text: 'select 1' }, [])
    } catch (error) {
      // 28: who we are; 3D: which database. Waiting changes neither.
      if (/^(28|3D)/.test(sqlState(error) ?? '') || !isStoreAway(error)) {
        throw new StopReason(`DATABASE_URL: ${(error as Error).message}`)
      }
      throw error
    } finally {
      await database.close()
    }
  })
}

/** Also refuses a Redis that would evict keys, or is too old. */
export async function waitForRedis(url: string, say: Say): Promise<void> {
  await waitFor('Redis', hostsOf(url), say, async () => {
    const redis = openRedis(url, 'commands')
    let reason: Error | undefined
    redis.on('error', (error: Error) => {
      reason = error // `ready` only knows that the connection was closed
    })
    try {
      await ready(redis).catch((error: Error) => {
        throw reason ?? error
      })
      await checkRedis(redis).catch((error: Error) => {
        // A connection that drops while we ask says nothing about the server: look again.
        throw error instanceof UnfitRedis ? new StopReason(`REDIS_URL: ${error.message}`) : error
      })
    } finally {
      redis.disconnect()
    }
  })
}

async function waitFor(name: string, where: string, say: Say, look: () => Promise<void>): Promise<void> {
  const deadline = monotonicMs() + LIMIT_MS
  for (let told = ''; ; await sleep(LOOK_EVERY_MS)) {
    try {
      return await look()
    } catch (error) {
      if (error instanceof StopReason) throw error
      const { code, message } = error as NodeJS.ErrnoException
      const line = `waiting for ${name} at ${where} (${message || code})`
      if (monotonicMs() > deadline) throw new StopReason(`${line}: gave up after ${LIMIT_MS / 60_000} minutes`)
      if (line !== told) say(line)
      told = line
    }
  }
}

/** The hosts and ports of a URL, without who we are there. */
function hostsOf(url: string): string {
  return url.replace(/^[^/]*\/\/(?:[^@/]*@)?([^/?]*).*$/, '$1')
}
