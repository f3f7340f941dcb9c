/** Payments: make one, look at it, list them, tell what happened to it. */
import type { Gateway, NewPayment, Payment, PaymentQuery } from '../../node/index.ts'
import { type Arguments, UsageError } from '../arguments.ts'
import type { Command } from '../main.ts'
import { money, printJson, printTable } from '../output.ts'

const LOOK_EVERY_MS = 250
const PATIENCE_MS = 180_000

export const paymentsCreate: Command = {
  usage:
    '--order ID [--amount 50000] [--currency INR] [--vpa success@sim | --card 4242424242424242] [--idempotency-key KEY] [--wait]',
  summary: 'Makes a payment; --wait prints it when the bank has decided',
  async run(args) {
    args.read({
      order: 'string',
      amount: 'string',
      currency: 'string',
      vpa: 'string',
      card: 'string',
      'idempotency-key': 'string',
      wait: 'boolean',
    })
    const gateway = args.gateway()
    const key = args.text('idempotency-key')
    const payment = await gateway.payments.create(newPayment(args), key === undefined ? {} : { idempotencyKey: key })
    printJson(args.flag('wait') ? await decided(gateway, payment.id) : payment)
  },
}

export const paymentsGet: Command = {
  usage: 'ID',
  summary: 'Prints a payment as it stands',
  async run(args) {
    printJson(await args.read().gateway().payments.get(args.word('payment id')))
  },
}

export const paymentsList: Command = {
  usage:
    '[--status success] [--method upi] [--order ID] [--search TEXT] [--from 2026-01-15] [--to ...] [--limit 20 | --all] [--json]',
  summary: 'Lists payments, newest first',
  async run(args) {
    args.read({
      status: 'string',
      method: 'string',
      order: 'string',
      search: 'string',
      from: 'string',
      to: 'string',
      limit: 'string',
      all: 'boolean',
    })
    const { payments } = args.gateway()
    const query = chosen(args)
    const rows: Payment[] = []
    if (args.flag('all')) for await (const payment of payments.all(query)) rows.push(payment)
    else rows.push(...(await payments.list({ limit: args.number('limit') ?? 20, ...query })).data)
    if (args.flag('json')) return printJson(rows)
    printTable(
      rows.map((row) => [
        row.created_at,
        row.id,
        row.status,
        row.method,
        money(row.amount, row.currency),
        row.order_id,
      ]),
    )
  },
}

export const paymentsTimeline: Command = {
  usage: 'ID [--json]',
  summary: 'Tells everything that happened to a payment, in order',
  async run(args) {
    const { data } = await args.read().gateway().payments.timeline(args.word('payment id'))
    if (args.flag('json')) return printJson(data)
    printTable(
      data.map(({ at, kind, name, duration_ms, cause }) => [
        at,
        kind,
        name,
        duration_ms === null ? '' : `${duration_ms} ms`,
        cause ?? '',
      ]),
    )
  },
}

/** The payment once the bank has decided. */
export function decided(gateway: Gateway, id: string): Promise<Payment> {
  return settled(() => gateway.payments.get(id))
}

/** What is looked at, once it is no longer pending. Throws after three minutes: by then the gateway has given a payment up itself. */
export async function settled<Row extends { id: string; status: string }>(look: () => Promise<Row>): Promise<Row> {
  const deadline = performance.now() + PATIENCE_MS
  for (;;) {
    const row = await look()
    if (row.status !== 'pending') return row
    if (performance.now() > deadline) throw new UsageError(`${row.id} is still pending after three minutes`)
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
  }
}

function newPayment(args: Arguments): NewPayment {
  const amount = args.number('amount')
  const currency = args.text('currency')
  const order = {
    order_id: args.required('order'),
    ...(amount === undefined ? {} : { amount }),
    ...(currency === undefined ? {} : { currency }),
  }
  const number = args.text('card')
  if (number === undefined) return { ...order, method: 'upi', vpa: args.text('vpa') ?? 'success@sim' }
  const card = {
    number,
    expiry_month: 12,
    expiry_year: new Date().getUTCFullYear() + 2,
    cvv: '123',
    holder_name: 'CLI',
  }
  return { ...order, method: 'card', card }
}

function chosen(args: Arguments): PaymentQuery {
  const asked = {
    status: args.text('status'),
    method: args.text('method'),
    order_id: args.text('order'),
    q: args.text('search'),
    from: args.text('from'),
    to: args.text('to'),
  }
  return Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined))
}
