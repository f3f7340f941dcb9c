import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { StoreAway } from '../runtime/storage.ts'
import { type Database, openDatabase } from '../schema/database.ts'
import { newId, newUuid, newUuidV7 } from '../schema/ids.ts'
import { acceptedPayment, newCommand, newPayment, openTruth } from '../tests/support/truth.ts'
import { Acceptance, type NewOrder } from './accept.ts'
import { paymentStore } from './payment/store.ts'

const accepting = suite('accepting')
const truth = await openTruth()
const { acceptance, database, merchantId } = truth
accepting.after(() => truth.close())

const fingerprint = Buffer.alloc(32, 7)
const keyOf = (key: string, id: string) => ({ key, fingerprint, response: `{"id":"${id}"}` })
const times = <Item>(n: number, make: (n: number) => Item): Item[] => Array.from({ length: n }, (_, i) => make(i))

const unexpected = () => assert.unreachable('it should have been refused')

/** Six API processes: what each accepts travels in groups of its own. */
const processes = times(6, () => new Acceptance(database))

function newOrder(values: Partial<NewOrder> = {}): NewOrder {
  const order = {
    merchantId,
    id: newId('order_'),
    amount: 50_000,
    currency: 'INR',
    receipt: 'r-1',
    notes: { gift: 'yes' },
  }
  return { ...order, clientSecretHash: Buffer.from('hash'), createdAt: new Date().toISOString(), ...values }
}

accepting('an accepted payment is pending, and owed its first turn now', async () => {
  const payment = newPayment(truth, { method: 'card', vpa: null, cardNetwork: 'visa', cardLast4: '4242' })
  assert.ok(await acceptance.payment(payment, null))
  const [loaded] = await paymentStore(database).load([payment.id])
  assert.is(loaded?.version, 0)
  assert.is(loaded?.state.status, 'pending')
  assert.is(loaded?.state.cardLast4, '4242')
  assert.is(loaded?.state.createdAt, payment.createdAt)
  assert.equal(Object.keys(loaded?.timers ?? {}).sort(), ['announce', 'process'])
  for (const due of Object.values(loaded?.timers ?? {})) assert.ok(due <= loaded!.now)
  assert.is(await truth.count('payments', `id = '${payment.id}' and wake_at <= now()`), 1)
})

accepting('a thousand at once are all there, and nothing else is', async () => {
  const before = await truth.count('payments')
  const all = await Promise.all(times(1000, () => acceptance.payment(newPayment(truth), null)))
  assert.ok(all.every(Boolean))
  assert.is((await truth.count('payments')) - before, 1000)
  assert.is(await truth.count('events'), 0)
})

accepting('a key raced from six processes makes one payment, and all learn its answer', async () => {
  for (let round = 0; round < 20; round++) {
    const key = `raced-${round}`
    const tries = processes.map((process) => ({ process, payment: newPayment(truth) }))
    const won = await Promise.all(
      tries.map(({ process, payment }) => {
        void process.payment(newPayment(truth), null) // neighbours in the same group
        return process.payment(payment, keyOf(key, payment.id))
      }),
    )
    assert.is(won.filter(Boolean).length, 1)
    const winner = tries[won.indexOf(true)]?.payment.id as string
    const { createdAt, ...replay } = (await acceptance.replay(merchantId, key)) ?? { createdAt: '' }
    assert.equal(replay, { fingerprint, objectId: winner, status: 201, response: `{"id":"${winner}"}`, command: null })
    assert.is(new Date(createdAt).toISOString(), createdAt)
    for (const { payment } of tries) {
      assert.is(await truth.count('payments', `id = '${payment.id}'`), payment.id === winner ? 1 : 0)
    }
  }
})

accepting('one key twice in one group makes one payment', async () => {
  const tries = times(3, () => newPayment(truth))
  const won = await Promise.all(tries.map((payment) => acceptance.payment(payment, keyOf('twice', payment.id))))
  assert.equal(won.filter(Boolean).length, 1)
  const ids = tries.map(({ id }) => `'${id}'`).join()
  assert.is(await truth.count('payments', `id in (${ids})`), 1)
})

accepting('the keys of two merchants have nothing to do with each other', async () => {
  const stranger = newUuid()
  const mine = newPayment(truth)
  const theirs = newPayment(truth, { merchantId: stranger })
  assert.ok(await acceptance.payment(mine, keyOf('shared', mine.id)))
  assert.ok(await acceptance.payment(theirs, keyOf('shared', theirs.id)))
  assert.is((await acceptance.replay(stranger, 'shared'))?.objectId, theirs.id)
  assert.is(await acceptance.replay(newUuid(), 'shared'), null)
})

accepting('one bad request fails alone: its neighbours in the group are accepted', async () => {
  const good = times(9, () => newPayment(truth))
  const bad = newPayment(truth, { vpa: 'nul\0@upi' })
  const outcomes = await Promise.allSettled(
    [...good.slice(0, 4), bad, ...good.slice(4)].map((p) => acceptance.payment(p, null)),
  )
  assert.is(outcomes.filter(({ status }) => status === 'fulfilled').length, 9)
  assert.is(outcomes[4]?.status, 'rejected')
  assert.is(await truth.count('payments', `id in (${good.map(({ id }) => `'${id}'`).join()})`), 9)
})

accepting('an order has one exclusive payment at a time, however many race for it, until that one fails', async () => {
  const orderId = newId('order_')
  const exclusive = () => newPayment(truth, { orderId, exclusive: true })
  const race = () => Promise.allSettled(processes.map((process) => process.payment(exclusive(), null)))
  for (let round = 0; round < 3; round++) {
    const outcomes = await race()
    assert.is(outcomes.filter(({ status }) => status === 'fulfilled').length, 1)
    const refused = outcomes.find(({ status }) => status === 'rejected') as PromiseRejectedResult
    assert.is(refused.reason.code, 'CONFLICT_ERROR')
    assert.is(refused.reason.message, 'Order already paid')
    const fail = `update payments set status = 'failed', error_code = 'PAYMENT_FAILED' where order_id = $1`
    await truth.query(fail, [orderId])
  }
  assert.ok(
    await acceptance.payment(newPayment(truth, { orderId }), null),
    'with the secret it may be paid any number of times',
  )
  assert.ok(await acceptance.payment(newPayment(truth, { orderId }), null))
})

accepting('a refused exclusive payment leaves no key behind', async () => {
  const orderId = newId('order_')
  await acceptance.payment(newPayment(truth, { orderId, exclusive: true }), null)
  const second = newPayment(truth, { orderId, exclusive: true })
  await acceptance.payment(second, keyOf('refused', second.id)).then(unexpected, () => {})
  assert.is(await acceptance.replay(merchantId, 'refused'), null)
})

accepting('an insert whose outcome is unknown is run again, and stands once', async () => {
  let dropped = 0
  const flaky: Database = {
    ...database,
    run: async (statement, values) => {
      const rows = await database.run(statement, values)
      if (dropped++ === 0) throw new Error('Connection terminated unexpectedly') // after it was written
      return rows as never
    },
  }
  const acceptance = new Acceptance(flaky)
  const plain = newPayment(truth)
  const keyed = newPayment(truth)
  const outcomes = await Promise.all([
    acceptance.payment(plain, null),
    acceptance.payment(keyed, keyOf('unknown', keyed.id)),
  ])
  assert.equal(outcomes, [true, false], 'the key is taken, by its own first try')
  assert.is((await acceptance.replay(merchantId, 'unknown'))?.objectId, keyed.id)
  assert.is(await truth.count('payments', `id in ('${plain.id}', '${keyed.id}')`), 2)
})

accepting('a store that is away says so, and a command is never sent to it twice', async () => {
  let calls = 0
  const away: Database = {
    ...database,
    run: () => {
      calls++
      return Promise.reject(new Error('Connection terminated unexpectedly'))
    },
  }
  const acceptance = new Acceptance(away)
  const command = acceptance.command(newCommand(truth, 'pay_x'), null)
  await command.then(unexpected, (error) => assert.instance(error, StoreAway))
  assert.is(calls, 1)
  await acceptance.replay(merchantId, 'x').then(unexpected, (error) => assert.instance(error, StoreAway))
})

accepting('an order is created once; whoever names it later gets its terms and not their own', async () => {
  const order = newOrder()
  assert.ok(await acceptance.order(order, keyOf('order', order.id)))
  assert.not(await acceptance.order(newOrder(), keyOf('order', 'order_other')))
  const asked = newOrder({ id: order.id, amount: 99_900, currency: 'USD' })
  assert.equal(await acceptance.ensureOrder(asked), { amount: 50_000, currency: 'INR' })
  const row = await database.kysely
    .selectFrom('orders')
    .selectAll()
    .where('id', '=', order.id)
    .executeTakeFirstOrThrow()
  assert.equal([row.notes, row.client_secret_hash?.toString(), row.amount], [{ gift: 'yes' }, 'hash', 50_000])
})

accepting('an unknown order raced from six processes has one set of terms', async () => {
  for (let round = 0; round < 20; round++) {
    const id = newId('order_')
    const asked = processes.flatMap((process, n) =>
      times(3, (k) => process.ensureOrder(newOrder({ id, amount: 100 + n * 10 + k }))),
    )
    const amounts = new Set((await Promise.all(asked)).map(({ amount }) => amount))
    assert.is(amounts.size, 1)
  }
})

accepting('an order that a rival commits while we wait for it is found, and not missed', async () => {
  const id = newId('order_')
  const rival = openDatabase({ url: truth.url, max: 1, applicationName: 'rival' })
  const run = (text: string) => rival.run({ name: '', text }, [])
  await run('begin')
  await run(`insert into orders (merchant_id, id, amount, currency) values ('${merchantId}', '${id}', 12300, 'EUR')`)
  const asking = acceptance.ensureOrder(newOrder({ id }))
  await truth.untilLocked()
  await run('commit')
  assert.equal(await asking, { amount: 12_300, currency: 'EUR' })
  await rival.close()
})

accepting('the order id of one merchant says nothing about that of another', async () => {
  const theirs = newOrder({ merchantId: newUuid(), id: 'ORDER_123', amount: 777 })
  const mine = newOrder({ id: 'ORDER_123' })
  for (let time = 0; time < 2; time++) {
    const terms = await Promise.all([acceptance.ensureOrder(theirs), acceptance.ensureOrder(mine)])
    assert.equal(
      terms.map(({ amount }) => amount),
      [777, 50_000],
    )
  }
})

accepting('a command key raced from six processes makes one command, for whose result all can wait', async () => {
  const id = await acceptedPayment(truth)
  for (let round = 0; round < 10; round++) {
    const key = { key: `command-${round}`, fingerprint }
    const commands = processes.map(() => newCommand(truth, id, { objectId: newId('rfnd_') }))
    const outcomes = await Promise.all(processes.map((process, n) => process.command(commands[n]!, key)))
    assert.is(outcomes.filter(({ outcome }) => outcome === 'rival').length, 5)
    const winner = commands[outcomes.findIndex(({ outcome }) => outcome === 'accepted')]!
    const replay = await acceptance.replay(merchantId, key.key)
    assert.equal(replay?.command, { actorId: id, kind: 'payment', id: winner.commandId, seq: round + 1, result: null })
    assert.equal([replay?.objectId, replay?.status, replay?.response], [winner.objectId, null, null])
  }
  assert.is(await truth.count('inbox', `actor_id = '${id}'`), 10)
})

accepting("an unknown actor, or another merchant's, is not found, and nothing is written", async () => {
  const id = await acceptedPayment(truth)
  const nothing = { key: 'nothing', fingerprint }
  const commands = [
    newCommand(truth, id, { merchantId: newUuid() }),
    newCommand(truth, 'pay_nope'),
    newCommand(truth, newUuidV7(), { kind: 'delivery' }),
    newCommand(truth, 'no-uuid', { kind: 'delivery' }),
    newCommand(truth, id, { kind: 'delivery' }),
  ]
  const outcomes = await Promise.all(commands.map((command) => acceptance.command(command, nothing)))
  assert.equal(
    outcomes,
    commands.map(() => ({ outcome: 'not_found' })),
  )
  assert.is(await acceptance.replay(merchantId, 'nothing'), null)
  assert.is(await truth.count('inbox', `actor_id = '${id}'`), 0)
})

accepting(
  'a full mailbox refuses the next command before anything is written, and one handled makes room',
  async () => {
    const id = await acceptedPayment(truth)
    // One group at a time: what rivals have under way comes on top of the cap.
    const send = () => Promise.all(times(60, () => acceptance.command(newCommand(truth, id), null)))
    const outcomes = []
    for (let group = 0; group < 17; group++) outcomes.push(...(await send()))
    const expected = times(17 * 60, (n) => (n < 1000 ? 'accepted' : 'full'))
    assert.equal(
      outcomes.map(({ outcome }) => outcome),
      expected,
    )
    const late = { key: 'late', fingerprint }
    assert.equal(await acceptance.command(newCommand(truth, id), late), { outcome: 'full' })
    assert.is(await acceptance.replay(merchantId, 'late'), null)
    await truth.query('update payments set last_seq = 1 where id = $1', [id])
    assert.equal(await acceptance.command(newCommand(truth, id), late), { outcome: 'accepted', seq: 1001 })
  },
)

accepting('a delivery takes commands too, and a test event has one delivery, due now', async () => {
  const deliveryId = newUuidV7()
  const event = {
    id: newId('evt_'),
    merchantId,
    payload: '{"event":"webhook.test"}',
    deliveryId,
    endpointId: truth.endpointId,
  }
  await acceptance.testEvent(event)
  assert.is(await truth.count('webhook_deliveries', `id = '${deliveryId}' and wake_at <= now()`), 1)
  assert.is(await truth.count('events', `id = '${event.id}' and payload = '${event.payload}'`), 1)
  const retry = newCommand(truth, deliveryId, { kind: 'delivery', name: 'retry', body: {} })
  assert.equal(await acceptance.command(retry, null), { outcome: 'accepted', seq: 1 })
})

accepting.run()
