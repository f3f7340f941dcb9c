import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Payment, Refund } from '../../data/types.ts'
import { roomOf } from './money.ts'

const test = suite('what may be done with a payment')

const payment: Payment = {
  id: 'pay_1',
  order_id: 'order_1',
  amount: 50_000,
  currency: 'INR',
  method: 'upi',
  status: 'success',
  created_at: '',
  updated_at: '',
  captured: false,
  canceled: false,
  amount_captured: 0,
  amount_refunded: 0,
  refund_status: null,
}
const refund = (amount: number, status: Refund['status']): Refund => ({
  id: 'rfnd_1',
  payment_id: 'pay_1',
  amount,
  reason: null,
  status,
  created_at: '',
  processed_at: null,
})

const cases: [string, Partial<Payment>, Refund[], [number, number, boolean]][] = [
  ['a success can be captured, refunded and canceled', {}, [], [50_000, 50_000, true]],
  [
    'once captured it can only be refunded, up to what was captured',
    { captured: true, amount_captured: 40_000 },
    [],
    [0, 40_000, false],
  ],
  [
    'pending and processed refunds count, failed ones do not',
    {},
    [refund(10_000, 'pending'), refund(5_000, 'processed'), refund(9_000, 'failed')],
    [35_000, 35_000, true],
  ],
  ['while it waits for the bank it can only be canceled', { status: 'pending' }, [], [0, 0, true]],
  ['a failed one is over', { status: 'failed' }, [], [0, 0, false]],
  ['a canceled one is over', { canceled: true }, [], [0, 0, false]],
]
for (const [name, values, refunds, [capturable, refundable, cancelable]] of cases) {
  test(name, () => assert.equal(roomOf({ ...payment, ...values }, refunds), { capturable, refundable, cancelable }))
}

test.run()
