/**
 * Workers that are stopped past their lease and woken again. By then others have done their work; whatever the woken ones
 * had in their hands they must drop: no commit, and no call to the bank.
 */
import { hostname } from 'node:os'
import { Redis } from 'ioredis'
import { monotonicMs } from '../../../runtime/clock.ts'
import { until } from '../../contract/until.ts'
import { Fleet } from '../../fleet/fleet.ts'
import type { RoleProcess } from '../../fleet/role.ts'
import { WitnessBank } from './witness-bank.ts'

export interface Stops {
  /** Workers stopped past their lease with something in their hands. */
  stops: number
  /** What they held, all told. */
  claims: number
  /** Commits and bank calls by a woken worker for what it had held. */
  commits: number
  bankCalls: number
}

const OWN = '{0}:own'
/** Those who take over. */
const OTHERS = 2
const PAYMENTS_AT_ONCE = 4
const LIMIT_MS = 60_000

/** Stops `atOnce` workers together, `rounds` times. */
export async function stopWorkers(rounds: number, atOnce: number, say: (line: string) => void): Promise<Stops> {
  const bank = await WitnessBank.open()
  const fleet = await Fleet.open({ workers: 0, ownServers: true, settings: { BANK_URL: bank.urlFor('api') } })
  const redis = new Redis(fleet.redisUrl)
  const sum: Stops = { stops: 0, claims: 0, commits: 0, bankCalls: 0 }
  try {
    const names = Array.from({ length: atOnce + OTHERS }, (_, n) => `worker-${n}`)
    const workers = await Promise.all(names.map((name) => fleet.startWorker({ BANK_URL: bank.urlFor(name) })))
    const victims = new Map(workers.slice(0, atOnce).map((worker, n) => [names[n] as string, worker]))
    for (let round = 1; round <= rounds; round++) {
      const found = await oneRound(fleet, redis, bank, victims)
      for (const name of Object.keys(sum) as (keyof Stops)[]) sum[name] += found[name]
      say(`round ${round} of ${rounds}: ${JSON.stringify(found)}`)
    }
    return sum
  } finally {
    redis.disconnect()
    await fleet.close()
    await bank.close()
  }
}

async function oneRound(
  fleet: Fleet,
  redis: Redis,
  bank: WitnessBank,
  victims: Map<string, RoleProcess>,
): Promise<Stops> {
  const ids: string[] = []
  // A worker takes what it finds: payments keep coming until every one of them has something in its hands.
  await until(async () => {
    const paid = await Promise.all(Array.from({ length: PAYMENTS_AT_ONCE }, () => fleet.merchant.pay()))
    ids.push(...paid.map(({ body }) => body.id as string))
    const all = await Promise.all([...victims.values()].map((worker) => heldBy(redis, worker)))
    return all.every((payments) => payments.length > 0)
  }, LIMIT_MS)
  for (const worker of victims.values()) worker.signal('SIGSTOP')
  const held = new Map<string, string[]>()
  for (const [name, worker] of victims) held.set(name, await heldBy(redis, worker))

  const pending = () =>
    fleet.number("select count(*)::int as n from payments where id = any ($1) and status = 'pending'", [ids])
  await until(async () => (await pending()) === 0, LIMIT_MS)
  const [clock] = await fleet.rows<{ now: Date }>('select clock_timestamp() as now')
  const wokenAt = monotonicMs()
  const before = new Map([...victims].map(([name, worker]) => [name, [...worker.leases].join()]))
  for (const worker of victims.values()) worker.signal('SIGCONT')
  // Each hears that its lease is gone, and takes another.
  await until(() => [...victims].every(([name, { leases }]) => [...leases].join() !== before.get(name)), LIMIT_MS)
  await useful(fleet)

  const result: Stops = { stops: 0, claims: 0, commits: 0, bankCalls: 0 }
  for (const [name, worker] of victims) {
    const payments = held.get(name) as string[]
    if (payments.length > 0) result.stops++
    result.claims += payments.length
    const calls = bank.heard.filter(
      (call) => call.worker === name && call.at > wokenAt && payments.includes(call.payment),
    )
    result.bankCalls += calls.length
    result.commits += await fleet.number(
      `select count(*)::int as n from journal where actor_id = any ($1) and at > $2 and entry ->> 'worker' = $3`,
      [payments, clock?.now, `${hostname()}-${worker.pid}`],
    )
  }
  return result
}

/** Settles when one more payment has gone its way: whatever the woken ones were about to do, they have done. */
async function useful(fleet: Fleet): Promise<void> {
  const { body } = await fleet.merchant.pay()
  await until(async () => (await fleet.merchant.payment(body.id)).status === 'success', LIMIT_MS)
}

/** Ids of the payments that a worker has claimed. */
async function heldBy(redis: Redis, worker: RoleProcess): Promise<string[]> {
  const own = await redis.hgetall(OWN)
  const isIts = (token: string) => [...worker.leases].some((lease) => token.startsWith(`${lease}:`))
  return Object.entries(own).flatMap(([address, token]) => (isIts(token) ? [address.split('/')[2] as string] : []))
}
