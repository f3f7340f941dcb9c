/**
 * A Redis database number of one's own for a test. Numbers are claimed in database 0 of the same server, because test
 * files run side by side in processes that know nothing of each other.
 */
import { Redis } from 'ioredis'
import { redisUrl } from './servers.ts'

export interface FreshRedis {
  url: string
  /** Empties it and gives the number back. */
  drop(): Promise<void>
}

/** The claim of a test that died. Longer than any test file may run. */
const CLAIM_SECONDS = 600

/** An empty numbered database. FLUSHDB in it is nobody else's business; FLUSHALL would be. */
export async function freshRedis(): Promise<FreshRedis> {
  const number = await withDatabase(0, claim)
  await withDatabase(number, (client) => client.flushdb())
  return {
    url: urlOf(number),
    async drop() {
      await withDatabase(number, (client) => client.flushdb())
      await withDatabase(0, (client) => client.del(claimKey(number)))
    },
  }
}

/** From the top, as people who try things by hand begin at the bottom. */
async function claim(client: Redis): Promise<number> {
  const [, count] = (await client.config('GET', 'databases')) as string[]
  for (let number = Number(count) - 1; number > 0; number--) {
    if (await client.set(claimKey(number), process.pid, 'EX', CLAIM_SECONDS, 'NX')) return number
  }
  throw new Error(`all ${count} databases of the test Redis are claimed: a test does not drop what freshRedis gave it`)
}

function claimKey(number: number): string {
  return `claimed:${number}`
}

async function withDatabase<T>(number: number, work: (client: Redis) => Promise<T>): Promise<T> {
  const client = new Redis(urlOf(number), { lazyConnect: true, retryStrategy: () => null })
  try {
    await client.connect()
    return await work(client)
  } finally {
    client.disconnect()
  }
}

function urlOf(number: number): string {
  const url = new URL(redisUrl())
  url.pathname = `/${number}`
  return url.href
}
