import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { StoreAway } from '../../runtime/storage.ts'
import { openDatabase } from '../../schema/database.ts'
import { newId, newUuid } from '../../schema/ids.ts'
import { acceptedPayment, newCommand, newEvent, openTruth, paymentTurn } from '../../tests/support/truth.ts'
import type { Operation, PaymentRow, Refund } from './state.ts'
import { paymentStore } from './store.ts'

const storing = suite('payments in Postgres')
const truth = await openTruth()
const { acceptance, database } = truth
const store = paymentStore(database)
storing.after(() => truth.close())

const times = <Item>(n: number, make: (n: number) => Item): Item[] => Array.from({ length: n }, (_, i) => make(i))
const CHILDREN = ['events', 'webhook_deliveries', 'journal', 'operations', 'refunds']
const children = () => Promise.all(CHILDREN.map((table) => truth.count(table)))
const now = () => new Date().toISOString()

function operation(key: string, values: Partial<Operation> = {}): PaymentRow {
  const row = {
    key,
    kind: 'authorize',
    amount: 50_000,
    state: 'asking',
    bankRef: null,
    errorCode: null,
    asked: 1,
  } as const
  return { table: 'operations', row: { ...row, createdAt: now(), ...values } }
}

function refund(paymentId: string, values: Partial<Refund> = {}): PaymentRow {
  const row = { id: newId('rfnd_'), paymentId, merchantId: truth.merchantId, amount: 100, reason: 'Customer requested' }
  const rest = {
    notes: null,
    status: 'pending',
    errorCode: null,
    errorDescription: null,
    createdAt: now(),
    processedAt: null,
  } as const
  return { table: 'refunds', row: { ...row, ...rest, ...values } }
}

/** A turn with a child of every sort. */
async function fullTurn(id: string) {
  return await paymentTurn(truth, id, { events: [newEvent()], rows: [operation(`${id}:authorize`), refund(id)] })
}

storing('a turn is written whole, and the next load sees what it wrote', async () => {
  const id = await acceptedPayment(truth)
  const turn = await fullTurn(id)
  const updatedAt = new Date(Date.now() + 5000).toISOString()
  turn.state = { ...turn.state, status: 'success', capturedAmount: 40_000, amountRefunded: 7, eventSeq: 3, updatedAt }
  turn.timers = { inquire: turn.journal.started + 60_000 }
  const [delivery] = (await store.commit([turn]))[0] ?? []
  assert.match(delivery ?? '', new RegExp(`^${truth.tenant}/delivery/[0-9a-f-]{36}$`))
  const [loaded] = await store.load([id])
  const [written, pending] = turn.rows.map(({ row }) => row)
  assert.equal(loaded?.state, { ...turn.state, operations: [written], refunds: [pending] })
  assert.equal([loaded?.version, loaded?.timers], [1, turn.timers])
  assert.is(await truth.count('payments', `id = '${id}' and wake_at = to_timestamp(${turn.timers.inquire! / 1000})`), 1)
  const entry = await database.kysely
    .selectFrom('journal')
    .select(['version', 'entry'])
    .where('actor_id', '=', id)
    .execute()
  assert.equal(entry, [{ version: 1, entry: turn.journal }])
})

storing('only what is open comes with a load', async () => {
  const id = await acceptedPayment(truth)
  const rows = [
    operation('a', { state: 'done' }),
    operation('b', { state: 'pending' }),
    refund(id, { id: 'rfnd_open' }),
    refund(id, { status: 'processed', processedAt: now() }),
    refund(id, { status: 'failed', errorCode: 'BANK', errorDescription: 'said no' }),
  ]
  await store.commit([await paymentTurn(truth, id, { rows })])
  const [loaded] = await store.load([id])
  assert.equal(
    loaded?.state.operations.map(({ key }) => key),
    ['b'],
  )
  assert.equal(
    loaded?.state.refunds.map((open) => open.id),
    ['rfnd_open'],
  )
})

storing('a row written twice in one turn is written as it was last', async () => {
  const id = await acceptedPayment(truth)
  const key = `${id}:authorize`
  await store.commit([
    await paymentTurn(truth, id, { rows: [operation(key), operation(key, { state: 'done', bankRef: 'b1' })] }),
  ])
  await store.commit([await paymentTurn(truth, id, { rows: [operation(key, { state: 'declined', errorCode: 'NO' })] })])
  const rows = await database.kysely.selectFrom('operations').selectAll().where('payment_id', '=', id).execute()
  assert.equal(
    rows.map((row) => [row.state, row.bank_ref, row.error_code]),
    [['declined', null, 'NO']],
  )
})

storing('a fenced turn writes nothing at all, and its neighbours commit', async () => {
  const ids = await Promise.all(times(3, () => acceptedPayment(truth)))
  const turns = await Promise.all(ids.map(fullTurn))
  await store.commit([await paymentTurn(truth, ids[1]!)]) // somebody else has moved it
  const before = await children()
  const answers = await store.commit(turns)
  assert.equal(
    answers.map((answer) => answer?.length ?? null),
    [1, null, 1],
  )
  assert.equal(
    (await children()).map((n, i) => n - before[i]!),
    [2, 2, 2, 2, 2],
  )
  assert.is(await truth.count('operations', `payment_id = '${ids[1]}'`), 0)
  assert.is(await truth.count('payments', `id = '${ids[1]}' and version = 1 and event_seq = 0`), 1)
})

storing('one actor twice in a group: one turn wins, and one set of children is written', async () => {
  const id = await acceptedPayment(truth)
  const before = await children()
  const answers = await store.commit([await fullTurn(id), await fullTurn(id)])
  assert.is(answers.filter((answer) => answer !== null).length, 1)
  assert.equal(
    (await children()).map((n, i) => n - before[i]!),
    [1, 1, 1, 1, 1],
  )
  assert.is(await truth.count('payments', `id = '${id}' and version = 1`), 1)
})

for (const end of ['commit', 'rollback'] as const) {
  const outcome = end === 'commit' ? 'is fenced' : 'wins'
  storing(`a turn whose row a rival holds waits, and ${outcome} after the rival's ${end}`, async () => {
    const [mine, other] = await Promise.all([acceptedPayment(truth), acceptedPayment(truth)])
    const turns = [await fullTurn(mine), await fullTurn(other)]
    const rival = await holdRow(mine)
    const committing = store.commit(turns)
    await truth.untilLocked()
    await rival(end)
    const answers = await committing
    assert.is(answers[0] === null, end === 'commit')
    assert.is(answers[1]?.length, 1)
    assert.is(await truth.count('events', `payment_id = '${mine}'`), end === 'commit' ? 0 : 1)
  })
}

storing("a row that stays locked fails its group, which is nobody's fault once it stands alone", async () => {
  const [stuck, free] = await Promise.all([acceptedPayment(truth), acceptedPayment(truth)])
  const turns = [await fullTurn(stuck), await fullTurn(free)]
  const impatient = openDatabase({
    url: `${truth.url}?options=-c%20lock_timeout%3D100`,
    max: 2,
    applicationName: 'test',
  })
  const impatientStore = paymentStore(impatient)
  const rival = await holdRow(stuck)
  const errorOf = (work: Promise<unknown>) =>
    work.then(
      () => assert.unreachable(),
      (error: unknown) => error,
    )
  assert.not.instance(await errorOf(impatientStore.commit(turns)), StoreAway, 'to be halved')
  assert.instance(await errorOf(impatientStore.commit([turns[0]!])), StoreAway, 'to be tried again')
  assert.is((await impatientStore.commit([turns[1]!]))[0]?.length, 1)
  await rival('rollback')
  await impatient.close()
})

storing('a NUL in a text fails its whole group as a data error, and its group alone', async () => {
  const ids = await Promise.all(times(4, () => acceptedPayment(truth)))
  const turns = await Promise.all(ids.map(fullTurn))
  turns[2]!.journal.error = 'a\0b'
  const bad: string[] = []
  const halve = async (group: typeof turns): Promise<void> => {
    const error = await store.commit(group).then(
      () => null,
      (thrown: unknown) => thrown,
    )
    if (error === null) return
    assert.not.instance(error, StoreAway)
    if (group.length === 1) return void bad.push(group[0]!.id)
    await halve(group.slice(0, group.length / 2))
    await halve(group.slice(group.length / 2))
  }
  await halve(turns)
  assert.equal(bad, [ids[2]])
  const list = ids.map((id) => `'${id}'`).join()
  assert.is(await truth.count('payments', `id in (${list}) and version = 1`), 3)
})

storing('a commit that leaves a timer in the past is due in a second, and one without timers is not due', async () => {
  const [late, done] = await Promise.all([acceptedPayment(truth), acceptedPayment(truth)])
  const past = await paymentTurn(truth, late, { timers: { process: 1, inquire: Date.now() + 60_000 } })
  await store.commit([past, await paymentTurn(truth, done, { timers: {} })])
  assert.is(
    await truth.count(
      'payments',
      `id = '${late}' and wake_at between now() + interval '500 ms' and now() + interval '1 s'`,
    ),
    1,
  )
  assert.is(await truth.count('payments', `id = '${done}' and wake_at is null`), 1)
})

storing('each enabled endpoint that wants an event gets one delivery of it', async () => {
  const merchantId = newUuid()
  const merchant = { id: merchantId, name: 'Many', email: 'm@example.com', webhook_secret: Buffer.from('x') }
  await database.kysely.insertInto('merchants').values(merchant).execute()
  const endpoints = {
    all: ['*'],
    exact: ['payment.success'],
    prefix: ['payment.*'],
    other: ['refund.*', 'payment.failed'],
    off: ['*'],
  }
  for (const [id, events] of Object.entries(endpoints)) {
    const endpoint = { id, merchant_id: merchantId, url: 'http://127.0.0.1/', events, enabled: id !== 'off' }
    await database.kysely.insertInto('webhook_endpoints').values(endpoint).execute()
  }
  const id = await acceptedPayment(truth, { merchantId })
  const events = [newEvent('payment.success', 1), newEvent('refund.created', 2)]
  const [born] = await store.commit([await paymentTurn(truth, id, { events })])
  const deliveries = await database.kysely
    .selectFrom('webhook_deliveries')
    .select(['endpoint_id', 'type', 'sequence', 'payment_id', 'timers'])
    .where('merchant_id', '=', merchantId)
    .execute()
  const wanted = ['all payment.success 1', 'all refund.created 2', 'exact payment.success 1', 'other refund.created 2']
  assert.equal(deliveries.map((d) => `${d.endpoint_id} ${d.type} ${d.sequence}`).sort(), [
    ...wanted,
    'prefix payment.success 1',
  ])
  assert.is(born?.length, 5)
  for (const { payment_id, timers } of deliveries) assert.equal([payment_id, Object.keys(timers)], [id, ['attempt']])
})

storing('handled commands have their result, the unhandled come with the next load, sixteen at a time', async () => {
  const id = await acceptedPayment(truth)
  const commands = times(20, (n) => newCommand(truth, id, { body: { n }, replyTo: n === 0 ? '{api:1}:replies' : null }))
  for (const command of commands) await acceptance.command(command, null)
  const [first] = await store.load([id])
  assert.equal(
    first?.commands.map(({ seq }) => seq),
    times(16, (n) => n + 1),
  )
  const expected = { seq: 1, id: commands[0]!.commandId, name: 'refund', body: { n: 0 }, replyTo: '{api:1}:replies' }
  const { at, ...command } = first?.commands[0] ?? {}
  assert.equal(command, expected)
  assert.ok(Math.abs((first?.now ?? 0) - (at ?? 0)) < 10_000)
  const results = [{ seq: 1, result: { status: 201, body: { id: 'rfnd_1' } } }]
  await store.commit([await paymentTurn(truth, id, { lastSeq: 3, results })])
  const rows = await database.kysely.selectFrom('inbox').selectAll().where('actor_id', '=', id).orderBy('seq').execute()
  assert.equal(
    rows.map((row) => row.handled_at !== null),
    times(20, (n) => n < 3),
  )
  assert.equal(rows[0]?.result, { status: 201, body: { id: 'rfnd_1' } })
  assert.equal(
    (await store.load([id]))[0]?.commands.map(({ seq }) => seq),
    times(16, (n) => n + 4),
  )
})

storing(
  'commands from six processes against three workers: numbers are dense, in order, and none is lost',
  async () => {
    const ids = await Promise.all(times(8, () => acceptedPayment(truth)))
    const handled = new Map(ids.map((id) => [id, [] as number[]]))
    const deadlocks = async () =>
      (
        await truth.query<{ n: number }>(
          'select deadlocks::int as n from pg_stat_database where datname = current_database()',
        )
      )[0]?.n
    const before = await deadlocks()
    let sending = true
    const send = async () => {
      const { Acceptance } = await import('../accept.ts')
      const process = new Acceptance(database)
      for (let round = 0; round < 25; round++) {
        const commands = times(12, () => newCommand(truth, ids[Math.floor(Math.random() * ids.length)]!))
        const outcomes = await Promise.all(commands.map((command) => process.command(command, null)))
        assert.ok(outcomes.every(({ outcome }) => outcome === 'accepted'))
      }
    }
    const work = async () => {
      for (let idle = false; sending || !idle; ) {
        const loaded = (await store.load(ids.filter(() => !sending || Math.random() < 0.6))).filter(
          (l) => l.commands.length > 0,
        )
        idle = loaded.length === 0
        const turns = await Promise.all(
          loaded.map(async ({ id, version, commands }) => {
            const results = commands.map(({ seq }) => ({ seq, result: { status: 200 } }))
            return { ...(await paymentTurn(truth, id)), version, lastSeq: commands.at(-1)!.seq, results }
          }),
        )
        if (turns.length === 0) continue
        const answers = await store.commit(turns)
        for (const [n, answer] of answers.entries()) {
          if (answer !== null) handled.get(turns[n]!.id)?.push(...turns[n]!.results.map(({ seq }) => seq))
        }
      }
    }
    const workers = times(3, work)
    await Promise.all(times(6, send))
    sending = false
    await Promise.all(workers)
    let total = 0
    for (const seqs of handled.values()) {
      assert.equal(
        seqs.sort((a, b) => a - b),
        times(seqs.length, (n) => n + 1),
      )
      total += seqs.length
    }
    assert.is(total, 6 * 25 * 12)
    assert.is(
      await truth.count('inbox', 'handled_at is null and actor_id in (select id from payments where last_seq > 3)'),
      0,
    )
    assert.is(await deadlocks(), before)
  },
)

storing('an id that does not exist is not there, and a payment that was', async () => {
  const id = await acceptedPayment(truth)
  assert.equal(
    (await store.load(['pay_nope', id])).map((loaded) => loaded.id),
    [id],
  )
  assert.is((await store.load([id]))[0]?.tenant, truth.tenant)
})

storing('the facts are flat columns, under the names that the tables give them', async () => {
  const turn = await paymentTurn(truth, await acceptedPayment(truth))
  const nothing = { captured_amount: null, amount_refunded: 0, error_code: null, error_description: null }
  assert.equal(store.facts(turn.state), { status: 'pending', canceled: false, ...nothing })
})

/** A rival's open transaction that has moved the payment. */
async function holdRow(id: string): Promise<(end: 'commit' | 'rollback') => Promise<void>> {
  const rival = openDatabase({ url: truth.url, max: 1, applicationName: 'rival' })
  const run = (text: string) => rival.run({ name: '', text }, [])
  await run('begin')
  await run(`update payments set version = version + 1 where id = '${id}'`)
  return async (end) => {
    await run(end)
    await rival.close()
  }
}

storing.run()
