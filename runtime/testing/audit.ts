/**
 * The one invariant of a partition: a mailbox with something in it belongs to an actor that is in exactly one of ready, own, rest and
 * parked, and an empty one to an actor that is in none. So nobody waits for ever, and nobody is had twice.
 */
import type { RedisConnection } from '../redis.ts'

/** What breaks it, one line each. Reads everything: for tests. */
export async function audit(redis: RedisConnection, prefix: string, kinds: string[]): Promise<string[]> {
  const places: Record<string, string[]> = {
    own: await redis.hkeys(`${prefix}own`),
    rest: await redis.zrange(`${prefix}rest`, '0', '-1'),
    parked: await redis.zrange(`${prefix}parked`, '0', '-1'),
  }
  for (const kind of kinds) places[`ready:${kind}`] = await redis.zrange(`${prefix}ready:${kind}`, '0', '-1')
  const where = new Map<string, string[]>()
  for (const [place, addresses] of Object.entries(places)) {
    for (const address of addresses) where.set(address, [...(where.get(address) ?? []), place])
  }
  const rung = new Set((await redis.keys(`${prefix}q:*`)).map((key) => key.slice(`${prefix}q:`.length)))
  return [
    ...[...rung].filter((address) => !where.has(address)).map((address) => `${address} has rung and is nowhere`),
    ...[...where]
      .filter(([address]) => !rung.has(address))
      .map(([address, at]) => `${address} has not rung and is in ${at}`),
    ...[...where].filter(([, at]) => at.length > 1).map(([address, at]) => `${address} is in ${at.join(' and ')}`),
  ]
}
