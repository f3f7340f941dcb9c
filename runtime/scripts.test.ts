import type { Redis } from 'ioredis'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { freshRedis } from '../tests/support/index.ts'
import type { Address } from './address.ts'
import { openRedis, ready } from './redis.ts'
import { type Ack, defineScripts, Partition, type TurnReply } from './scripts.ts'
import { audit } from './testing/audit.ts'
import { textUnderTest } from './testing/under-test.ts'

const suiteOfScripts = suite('scripts')

const KINDS = ['payment', 'delivery']
const { url, drop } = await freshRedis()
const redis = openRedis(url, 'commands') as Redis
await ready(redis)
defineScripts(redis, textUnderTest)
const partition = new Partition(redis, '{0}:')
const key = (name: string) => `{0}:${name}`

suiteOfScripts.after(async () => {
  redis.disconnect()
  await drop()
})

/** After whatever was done, everybody is where he should be. */
function scripts(promise: string, keep: () => Promise<void>): void {
  suiteOfScripts(promise, async () => {
    await redis.flushdb()
    await keep()
    assert.equal(await audit(redis, '{0}:', KINDS), [])
  })
}

type Answered = Extract<TurnReply, { state: 'ok' }>

interface Asked {
  acks?: Ack[]
  want?: Record<string, number>
  leaseMs?: number
  alarms?: number
}

function turn(
  lease: string,
  n: number,
  { acks = [], want = { payment: 0 }, leaseMs = 5000, alarms = 128 }: Asked = {},
) {
  return partition.turn({ lease, turn: n, leaseMs, alarms, maxFailures: 8, acks, want })
}

async function answered(lease: string, n: number, asked?: Asked): Promise<Answered> {
  const reply = await turn(lease, n, asked)
  assert.is(reply.state, 'ok')
  return reply as Answered
}

const claimed = async (lease: string, n: number, want: Record<string, number> = { payment: 9 }) =>
  (await answered(lease, n, { want })).claims.map(({ address }) => address)

const ring = (...addresses: Address[]) =>
  partition.send(
    1000,
    addresses.map((address) => ({ address, envelope: '!' })),
  )

const ack = (address: Address, token: string, rest: Partial<Ack> = {}): Ack => ({
  ...{ address, token, consumed: 1, outcome: 'ok', restMs: 0, nextMs: -1 },
  ...rest,
})

const A: Address = '1/payment/a'
const B: Address = '1/payment/b'
const now = async () => Number((await redis.time())[0]) * 1000
const depth = (address: Address) => redis.llen(key(`q:${address}`))

// --- send

scripts('send: the first doorbell makes an actor ready, further ones wait in its mailbox', async () => {
  assert.equal(await ring(A, A, B), [1, 2, 1])
  assert.equal(await redis.zrange(key('ready:payment'), '0', '-1'), [A, B])
  assert.is(await depth(A), 2)
})

scripts('send: at the cap nothing more is kept, and the actor is as ready as before', async () => {
  const bells = Array.from({ length: 5 }, () => ({ address: A, envelope: '!' }))
  assert.equal(await partition.send(3, bells), [1, 2, 3, 3, 3])
  assert.is(await depth(A), 3)
})

scripts('send: a malformed address is refused before anything is written', async () => {
  const error = await ring(A, 'nonsense' as Address).catch((thrown: Error) => thrown.message)
  assert.match(error as string, /BADADDRESS nonsense/)
  assert.is(await redis.dbsize(), 0)
})

scripts('send: one token a kind wakes one worker, however many are rung', async () => {
  await ring(A, B, '1/delivery/d')
  await ring('1/payment/c')
  assert.equal([await redis.llen(key('wake:payment')), await redis.llen(key('wake:delivery'))], [1, 1])
})

// --- turn: claims and acks

scripts(
  'turn: claims up to want of each kind, with the depth of each mailbox, and says how many are left',
  async () => {
    await ring(A, A, B, '1/payment/c', '1/delivery/d', '1/delivery/e')
    const { claims, left } = await answered('w', 1, { want: { payment: 2, delivery: 1 } })
    assert.equal(claims, [
      { address: A, doorbells: 2 },
      { address: B, doorbells: 1 },
      { address: '1/delivery/d', doorbells: 1 },
    ])
    assert.equal(left, { payment: 1, delivery: 1 })
  },
)

scripts('turn: a claimed actor is claimed by nobody else, and is free after its ack', async () => {
  await ring(A)
  assert.equal(await claimed('w', 1), [A])
  assert.equal(await claimed('v', 1), [])
  await answered('w', 2, { acks: [ack(A, 'w:1')] })
  assert.equal([await depth(A), await redis.hlen(key('own'))], [0, 0])
  await ring(A)
  assert.equal(await claimed('v', 2), [A])
})

scripts('turn: what rang after the claim is kept by the ack, and makes the actor ready again', async () => {
  await ring(A)
  await claimed('w', 1)
  await ring(A)
  assert.equal((await answered('w', 2, { acks: [ack(A, 'w:1')], want: { payment: 9 } })).claims, [
    { address: A, doorbells: 1 },
  ])
})

scripts('turn: an ack with another token does nothing, and is counted as stale', async () => {
  await ring(A, B)
  await claimed('w', 1)
  for (const [i, token] of ['w:2', 'v:1', ''].entries()) {
    const { stale } = await answered('v', i + 1, { acks: [ack(A, token)] })
    assert.is(stale, 1, token)
  }
  assert.equal([await depth(A), await redis.hget(key('own'), A)], [1, 'w:1'])
})

scripts('turn: sent twice it answers its own claims, takes no more, and applies no ack twice', async () => {
  await ring(A, B)
  await claimed('w', 1, { payment: 1 })
  await ring(A)
  const asked = { acks: [ack(A, 'w:1')], want: { payment: 1 } }
  const first = await answered('w', 2, asked)
  const second = await answered('w', 2, asked)
  assert.equal(first.claims, [{ address: B, doorbells: 1 }])
  assert.equal(second.claims, first.claims)
  assert.is(await depth(A), 1, 'what rang meanwhile is still there')
})

scripts(
  'turn: sent twice, with the actor claimed again by its own ack: what rang meanwhile is still unread',
  async () => {
    await ring(A)
    await claimed('w', 1)
    await ring(A, A)
    const asked = { acks: [ack(A, 'w:1')], want: { payment: 1 } }
    await answered('w', 2, asked)
    const { claims, stale } = await answered('w', 2, asked)
    assert.equal([claims, stale], [[{ address: A, doorbells: 2 }], 1])
  },
)

scripts('turn: a copy that was overtaken on the wire does nothing', async () => {
  await ring(A, B)
  await claimed('w', 1, { payment: 1 })
  await answered('w', 2)
  assert.equal(await turn('w', 1, { acks: [ack(A, 'w:1')], want: { payment: 9 } }), { state: 'OLD' })
  assert.equal([await redis.hget(key('own'), A), await redis.zcard(key('ready:payment'))], ['w:1', 1])
})

scripts('turn: a lease that this Redis does not know is fenced, and touches nothing', async () => {
  await ring(A)
  await claimed('w', 1)
  await redis.flushdb()
  await ring(A)
  assert.equal(await turn('w', 2, { acks: [ack(A, 'w:1')], want: { payment: 9 } }), { state: 'FENCED' })
  assert.is(await redis.zscore(key('leases'), 'w'), null)
})

scripts('turn: an ack that is none is refused before anything is written', async () => {
  await ring(A)
  await claimed('w', 1)
  const bad = ack(A, 'w:1', { restMs: null as unknown as number })
  const error = await turn('w', 2, { acks: [ack(A, 'w:1'), bad] }).catch((thrown: Error) => thrown.message)
  assert.match(error as string, /BADACK/)
  assert.equal([await depth(A), await redis.hget(key('turn'), 'w')], [1, '1'])
})

scripts('turn: as many acks as a worker may send are applied by one call', async () => {
  const many = Array.from({ length: 256 }, (_, i): Address => `1/payment/${i}`)
  await ring(...many)
  await claimed('w', 1, { payment: 128 })
  await claimed('w', 2, { payment: 128 })
  const acks = many.map((address, i) => ack(address, i < 128 ? 'w:1' : 'w:2'))
  assert.is((await answered('w', 3, { acks })).stale, 0)
  assert.is(await redis.hlen(key('own')), 0)
})

// --- turn: wake tokens

scripts('turn: what is left wakes another worker; with nothing left the token goes', async () => {
  await ring(A, B)
  await redis.del(key('wake:payment'))
  await claimed('w', 1, { payment: 1 })
  assert.is(await redis.llen(key('wake:payment')), 1)
  await claimed('w', 2, { payment: 1 })
  assert.is(await redis.llen(key('wake:payment')), 0)
})

scripts('turn: lanes are forgotten when nobody is ready, so that they do not grow for ever', async () => {
  await ring(A, '2/payment/a', '3/payment/a')
  assert.is(await redis.hlen(key('vt:payment')), 3)
  await claimed('w', 1)
  assert.is(await redis.exists(key('vt:payment')), 0)
})

// --- turn: alarms and rests

scripts('turn: an alarm rings when it is due, into an empty mailbox only', async () => {
  await ring(A, B)
  await claimed('w', 1)
  const acks = [ack(A, 'w:1', { nextMs: 60_000 }), ack(B, 'w:1', { nextMs: 60_000 })]
  const { nextMs } = await answered('w', 2, { acks })
  assert.ok((nextMs as number) > 55_000 && (nextMs as number) <= 60_000)
  assert.equal(await claimed('w', 3), [])
  await ring(B)
  await redis.zadd(key('due'), (await now()) - 1000, A, (await now()) - 1000, B)
  assert.equal((await answered('w', 4, { want: { payment: 9 } })).claims, [
    { address: B, doorbells: 1 },
    { address: A, doorbells: 1 },
  ])
  assert.is(await redis.zcard(key('due')), 0)
})

scripts('turn: every ack restates the alarm: a timer that is gone rings no more', async () => {
  await ring(A)
  await claimed('w', 1)
  await answered('w', 2, { acks: [ack(A, 'w:1', { nextMs: 60_000 })] })
  await ring(A)
  await claimed('w', 3)
  await answered('w', 4, { acks: [ack(A, 'w:3')] })
  assert.is(await redis.zcard(key('due')), 0)
})

scripts('turn: more due than one turn takes: at the end of its lane at once, with its doorbells trimmed', async () => {
  await ring(A, A, A)
  await claimed('w', 1)
  const { claims } = await answered('w', 2, {
    acks: [ack(A, 'w:1', { consumed: 3, nextMs: 0 })],
    want: { payment: 9 },
  })
  assert.equal(claims, [{ address: A, doorbells: 1 }])
})

scripts('turn: who rests is left alone until his time, keeps his mailbox, and counts no failure', async () => {
  await ring(A)
  await claimed('w', 1)
  const { nextMs } = await answered('w', 2, { acks: [ack(A, 'w:1', { consumed: 0, outcome: 'rest', restMs: 60_000 })] })
  assert.ok((nextMs as number) > 55_000)
  await ring(A)
  assert.equal(await claimed('w', 3), [])
  await redis.zadd(key('rest'), (await now()) - 1000, A)
  assert.equal(await claimed('w', 4), [A])
  assert.is(await redis.hget(key('fail'), A), null)
})

scripts('turn: a herd of due alarms is let in a bounded number at a time, with no pause between', async () => {
  const herd = Array.from({ length: 300 }, (_, i) => `1/payment/${i}`)
  await redis.zadd(key('due'), ...herd.flatMap((address) => [1, address]))
  const counts: number[] = []
  for (let n = 1; n <= 3; n++) {
    const { nextMs, left } = await answered('w', n)
    counts.push(left.payment as number)
    assert.is(nextMs, n < 3 ? 0 : null)
  }
  assert.equal(counts, [128, 256, 300])
})

// --- turn: failures

/** Claims A under turn n and fails it under n + 1. */
async function fail(n: number): Promise<void> {
  for (const place of ['rest', 'parked']) {
    if ((await redis.zscore(key(place), A)) !== null) await redis.zadd(key(place), 1, A)
  }
  assert.equal(await claimed('w', n), [A])
  await answered('w', n + 1, { acks: [ack(A, `w:${n}`, { consumed: 0, outcome: 'fail' })] })
}

scripts('turn: a failure is tried again at once, the next ones rest for longer and longer', async () => {
  await ring(A)
  await fail(1)
  assert.is(await redis.zscore(key('rest'), A), null)
  const rests: number[] = []
  for (let n = 3; n < 15; n += 2) {
    await fail(n)
    rests.push(Number(await redis.zscore(key('rest'), A)) - (await now()))
  }
  const expected = [200, 400, 800, 1600, 3200, 6400]
  assert.ok(
    rests.every((ms, i) => Math.abs(ms - (expected[i] as number)) <= 1000),
    rests.join(),
  )
})

scripts(
  'turn: after eight failures an actor is parked, keeps its mailbox, and is tried after 1 min, 10 min, hourly',
  async () => {
    await ring(A)
    for (let n = 1; n <= 15; n += 2) await fail(n)
    const pauses: number[] = []
    const pause = async () =>
      pauses.push(Math.round((Number(await redis.zscore(key('parked'), A)) - (await now())) / 60_000))
    await pause()
    assert.equal(await claimed('v', 1), [], 'parked, it is claimed by nobody')
    assert.equal(await ring(A), [-1])
    for (let n = 17; n <= 21; n += 2) {
      await fail(n)
      await pause()
    }
    assert.equal(pauses, [1, 10, 60, 60])
    assert.is(await depth(A), 2)
  },
)

scripts('turn: a parked actor whose turn goes well is as good as new', async () => {
  await ring(A)
  for (let n = 1; n <= 15; n += 2) await fail(n)
  await redis.zadd(key('parked'), 1, A)
  assert.equal(await claimed('w', 17), [A])
  await answered('w', 18, { acks: [ack(A, 'w:17')] })
  assert.equal([await redis.hlen(key('fail')), await redis.zcard(key('parked'))], [0, 0])
})

// --- turn: dead leases

scripts('turn: the actors of a lease that ran out are free again, a dead lease a call', async () => {
  await ring(A, B)
  await claimed('dead1', 1, { payment: 1 })
  await claimed('dead2', 1, { payment: 1 })
  await redis.zadd(key('leases'), 1, 'dead1', 2, 'dead2')
  assert.equal(await claimed('w', 1), [A])
  assert.equal(await claimed('w', 2), [B])
  assert.equal(await turn('dead1', 2), { state: 'FENCED' })
})

scripts('turn: a late copy of its first turn does not bring a lease back that has ended', async () => {
  await ring(A)
  await claimed('dead', 1, { payment: 0 })
  await redis.zadd(key('leases'), 1, 'dead')
  await answered('w', 1)
  await claimed('left', 1, { payment: 0 })
  await partition.leave('left', false, 8)
  for (const lease of ['dead', 'left'])
    assert.equal(await turn(lease, 1, { want: { payment: 9 } }), { state: 'FENCED' })
  assert.equal(await claimed('w', 2), [A])
})

scripts("turn: the end of another's lease is the next event, so that nobody takes over a heartbeat later", async () => {
  assert.is((await answered('w', 1)).nextMs, null)
  await claimed('other', 1)
  const ends = Number(await redis.zscore(key('leases'), 'other'))
  const reply = await answered('w', 2)
  assert.is(reply.nextMs, ends + 1 - reply.now)
})

scripts('turn: the first crash costs nothing; from the second in a row an actor rests', async () => {
  await ring(A)
  await claimed('dead1', 1)
  await redis.zadd(key('leases'), 1, 'dead1')
  assert.equal(await claimed('dead2', 1), [A])
  await redis.zadd(key('leases'), 1, 'dead2')
  assert.equal(await claimed('w', 1), [])
  assert.ok(await redis.zscore(key('rest'), A))
})

scripts('turn: it renews its own lease, and never ends it', async () => {
  await answered('w', 1, { leaseMs: 5000 })
  await redis.zadd(key('leases'), 1, 'w')
  await answered('w', 2, { leaseMs: 5000 })
  assert.ok(Number(await redis.zscore(key('leases'), 'w')) > (await now()) + 3000)
})

// --- nudge

scripts('nudge: 0 for whoever somebody is responsible for: ready, claimed, resting, parked', async () => {
  await ring(A, B, '1/payment/c', '1/payment/d')
  await claimed('w', 1, { payment: 3 })
  const acks = [ack(A, 'w:1', { consumed: 0, outcome: 'rest', restMs: 60_000 })]
  await answered('w', 2, { acks })
  await redis.hset(key('fail'), B, 7)
  await answered('w', 3, { acks: [ack(B, 'w:1', { consumed: 0, outcome: 'fail' })] })
  const owed = ([A, B, '1/payment/c', '1/payment/d'] as Address[]).map((address) => ({ address, inMs: 0 }))
  assert.is(await partition.nudge(owed), '0000')
})

scripts(
  'nudge: a lost doorbell is rung again, and wakes a worker; the second time somebody is responsible',
  async () => {
    assert.is(await partition.nudge([{ address: A, inMs: -5000 }]), '2')
    assert.is(await redis.llen(key('wake:payment')), 1)
    assert.is(await partition.nudge([{ address: A, inMs: -5000 }]), '0')
    assert.equal(await claimed('w', 1), [A])
  },
)

scripts('nudge: a mailbox that nobody looks after is made ready as it is', async () => {
  await ring(A, A)
  await redis.zrem(key('ready:payment'), A)
  assert.is(await partition.nudge([{ address: A, inMs: 0 }]), '1')
  assert.is(await depth(A), 2)
})

scripts('nudge: who is due later gets an alarm, and an earlier one stands', async () => {
  assert.is(await partition.nudge([{ address: A, inMs: 60_000 }]), '3')
  assert.is(await partition.nudge([{ address: A, inMs: 90_000 }]), '0')
  assert.ok(Number(await redis.zscore(key('due'), A)) < (await now()) + 62_000)
})

scripts('nudge: an alarm set for later is no answer to something overdue now', async () => {
  await partition.nudge([{ address: A, inMs: 60_000 }])
  assert.is(await partition.nudge([{ address: A, inMs: 0 }]), '2')
})

// --- leave

scripts('leave: its actors are ready at once, those of others stay; sent twice it finds nothing', async () => {
  await ring(A, B)
  await claimed('w', 1, { payment: 1 })
  await claimed('w2', 1, { payment: 1 })
  assert.is(await partition.leave('w', false, 8), 1)
  assert.is(await partition.leave('w', false, 8), 0)
  assert.equal(await redis.hgetall(key('own')), { [B]: 'w2:1' })
  assert.equal(await turn('w', 2), { state: 'FENCED' })
  assert.equal(await claimed('v', 1), [A])
  assert.is(await redis.hget(key('fail'), A), null)
})

scripts('leave: a worker that crashed counts against what it had in hand', async () => {
  await ring(A)
  await claimed('w', 1)
  await partition.leave('w', true, 8)
  assert.is(await redis.hget(key('fail'), A), '1')
  assert.equal(await claimed('v', 1), [A])
})

// --- fairness

async function positions(who: (address: string) => boolean, kinds: string[], wanted: number): Promise<number[]> {
  const found: number[] = []
  for (let n = 1, served = 0; found.length < wanted && n < 200; n++) {
    const { claims } = await answered('fair', n, { want: Object.fromEntries(kinds.map((kind) => [kind, 64])) })
    for (const { address } of claims) {
      served++
      if (who(address)) found.push(served)
    }
  }
  return found
}

async function flood(count: number, address: (i: number) => Address): Promise<void> {
  for (let i = 0; i < count; i += 250) await ring(...Array.from({ length: 250 }, (_, k) => address(i + k)))
}

scripts(
  'fairness: 10,000 actors of one tenant wait, and 10 of another are served at positions 2, 4, 6 ... 20',
  async () => {
    await flood(10_000, (i) => `1/payment/${i}`)
    await ring(...Array.from({ length: 10 }, (_, i): Address => `2/payment/${i}`))
    const at = await positions((address) => address.startsWith('2/'), ['payment'], 10)
    assert.equal(at.length, 10)
    assert.ok(Math.max(...at) <= 20, at.join())
    await redis.flushdb()
  },
)

scripts('fairness: 10,000 deliveries of a merchant wait, and its next payment is served at once', async () => {
  await flood(10_000, (i) => `1/delivery/${i}`)
  await ring(A)
  const at = await positions((address) => address === A, ['payment', 'delivery'], 1)
  assert.equal(at, [1])
  await redis.flushdb()
})

scripts('fairness: a hot actor goes to the end of its lane each time', async () => {
  await ring(A)
  for (let n = 1; n <= 10; n++) {
    assert.equal(await claimed('w', n * 2 - 1, { payment: 1 }), [A])
    await ring(A, ...(n === 10 ? [B] : []))
    await answered('w', n * 2, { acks: [ack(A, `w:${n * 2 - 1}`)] })
  }
  assert.equal(await claimed('w', 21, { payment: 1 }), [B])
})

// --- the rest

scripts('gauges: how many are where, and only leases that are alive', async () => {
  await ring(A, B, '1/payment/c', '1/delivery/d')
  await claimed('w', 1, { payment: 2 })
  await answered('w', 2, { acks: [ack(A, 'w:1', { consumed: 0, outcome: 'rest', restMs: 60_000, nextMs: 60_000 })] })
  await redis.zadd(key('leases'), 1, 'dead')
  assert.equal(await partition.gauges(KINDS), {
    running: 1,
    alarms: 1,
    resting: 1,
    parked: 0,
    leases: 1,
    ready: [1, 1],
  })
})

scripts('a Redis that has forgotten the scripts is told them again', async () => {
  await ring(A)
  await redis.script('FLUSH')
  await ring(B)
  assert.equal(await claimed('w', 1), [A, B])
})

suiteOfScripts.run()
