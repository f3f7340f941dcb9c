import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Payment, Refund } from './state.ts'
import {
  acceptedPaymentView,
  eventPayload,
  paymentView,
  publicPaymentView,
  refundStatus,
  refundView,
  samplePayment,
} from './view.ts'

const test = suite('payment view')
const at = '2024-01-15T10:31:10.000Z'
const upi = samplePayment('550e8400-e29b-41d4-a716-446655440000', at)
const card: Payment = { ...upi, method: 'card', vpa: null, cardNetwork: 'visa', cardLast4: '4242' }

test('a UPI payment shows its VPA and nothing of a card, a card payment the reverse', () => {
  assert.equal(Object.keys(acceptedPaymentView(upi)), [
    'id',
    'order_id',
    'amount',
    'currency',
    'method',
    'vpa',
    'status',
    'created_at',
  ])
  const view = acceptedPaymentView(card)
  assert.equal([view.card_network, view.card_last4, 'vpa' in view], ['visa', '4242', false])
})

test('the public view holds nothing private', () => {
  assert.equal(Object.keys(publicPaymentView(card)), [
    'id',
    'order_id',
    'amount',
    'currency',
    'method',
    'status',
    'created_at',
  ])
})

test('captured is a flag of its own and errors appear only when there are any', () => {
  const plain = paymentView(upi)
  assert.equal([plain.captured, plain.amount_captured, 'error_code' in plain], [false, 0, false])
  const captured = paymentView({ ...upi, capturedAmount: 30_000 })
  assert.equal([captured.captured, captured.amount_captured, captured.status], [true, 30_000, 'success'])
  const failed = paymentView({ ...upi, status: 'failed', errorCode: 'PAYMENT_FAILED', errorDescription: 'Declined' })
  assert.equal([failed.error_code, failed.error_description], ['PAYMENT_FAILED', 'Declined'])
})

test('a refund is full when all that was charged went back', () => {
  const table: [amount: number, captured: number | null, refunded: number, status: string | null][] = [
    [500, null, 0, null],
    [500, null, 499, 'partial'],
    [500, null, 500, 'full'],
    [500, 300, 299, 'partial'],
    [500, 300, 300, 'full'],
  ]
  for (const [amount, capturedAmount, amountRefunded, status] of table) {
    assert.is(refundStatus({ amount, capturedAmount, amountRefunded }), status)
  }
})

test('a refund shows when it was processed, and why it failed', () => {
  const refund: Refund = {
    id: 'rfnd_0123456789abcdef',
    paymentId: upi.id,
    merchantId: upi.merchantId,
    amount: 100,
    reason: null,
    notes: null,
    status: 'failed',
    errorCode: 'BAD_REQUEST_ERROR',
    errorDescription: 'Refund amount exceeds available amount',
    createdAt: at,
    processedAt: null,
  }
  assert.equal(refundView(refund), {
    id: refund.id,
    payment_id: upi.id,
    amount: 100,
    reason: null,
    status: 'failed',
    created_at: at,
    notes: null,
    processed_at: null,
    error_code: 'BAD_REQUEST_ERROR',
    error_description: 'Refund amount exceeds available amount',
  })
})

test('an event parses and re-serialises to the same bytes', () => {
  const text = eventPayload('payment.success', Date.parse(at) + 999, { payment: paymentView(upi) })
  assert.is(JSON.stringify(JSON.parse(text)), text)
  assert.is(JSON.parse(text).timestamp, Date.parse(at) / 1000)
})

test.run()
