import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { type Instrument, planAuthorization, refundDelayMs, type SimulatorSettings, tokenOf } from './outcomes.ts'

const test = suite('outcomes')

const settings: SimulatorSettings = {
  testMode: false,
  testPaymentSuccess: true,
  testProcessingDelayMs: 1_000,
  upiSuccessRate: 0.9,
  cardSuccessRate: 0.95,
  processingDelayMinMs: 5_000,
  processingDelayMaxMs: 10_000,
}
const card = (number: string): Instrument => ({
  method: 'card',
  card: { number, expiryMonth: 12, expiryYear: 2030, cvv: '737', holderName: 'A. Holder' },
})
const upi = (vpa: string): Instrument => ({ method: 'upi', vpa })
const half = () => 0.5

/** What a test merchant's instrument leads to: outcome, reason, delay, answers. */
function planOf(instrument: Instrument) {
  const { outcome, description, delayMs, answers } = planAuthorization(tokenOf(instrument, true), settings, half)
  return [outcome, description, delayMs, answers]
}

test('a UPI address speaks its outcome', () => {
  const declined = 'Payment declined by the bank'
  assert.equal(planOf(upi('success@sim')), ['approved', null, 7_500, 'once'])
  assert.equal(planOf(upi('Success@SIM')), ['approved', null, 7_500, 'once'])
  assert.equal(planOf(upi('failure@sim')), ['declined', declined, 7_500, 'once'])
  assert.equal(planOf(upi('insufficient_funds@sim')), ['declined', 'Insufficient funds', 7_500, 'once'])
  assert.equal(planOf(upi('timeout@sim')), ['silent', null, 7_500, 'never'])
  assert.equal(planOf(upi('success.0s@sim')), ['approved', null, 0, 'once'])
  assert.equal(planOf(upi('success.30s@sim')), ['approved', null, 30_000, 'once'])
  assert.equal(planOf(upi('success.120s@sim')), ['approved', null, 120_000, 'once'])
  assert.equal(planOf(upi('timeout.success.30s@sim')), ['approved', null, 30_000, 'never'])
  assert.equal(planOf(upi('duplicate@sim')), ['approved', null, 7_500, 'twice'])
})

test('a well-known test card speaks its outcome, however its digits are grouped', () => {
  assert.equal(planOf(card('4242 4242 4242 4242')), ['approved', null, 7_500, 'once'])
  assert.equal(planOf(card('4111-1111-1111-1111')), ['approved', null, 7_500, 'once'])
  assert.equal(planOf(card('4000000000000002')), ['declined', 'Card declined', 7_500, 'once'])
  assert.equal(planOf(card('4000000000009995')), ['declined', 'Insufficient funds', 7_500, 'once'])
  assert.equal(planOf(card('4000000000000069')), ['declined', 'Card expired', 7_500, 'once'])
})

test('without a test merchant nothing is spoken, and what is no outcome is left to chance', () => {
  assert.is(tokenOf(upi('success@sim'), false), 'sim_upi')
  assert.is(tokenOf(card('4000000000000002'), false), 'sim_card')
  const ordinary = [
    'asha@okbank',
    'success.121s@sim',
    'failure.1s@sim',
    'success@simulator',
    'xsuccess@sim',
    'success.-1s@sim',
  ]
  for (const vpa of ordinary) assert.is(tokenOf(upi(vpa), true), 'sim_upi', vpa)
})

test('a token holds nothing of the instrument but its outcome', () => {
  const digits = fc.stringMatching(/^[1-9][0-9]{12,18}$/)
  fc.assert(fc.property(digits, (number) => assert.is(tokenOf(card(number), true), 'sim_card')))
  assert.is(tokenOf(card('4000000000000002'), true), 'sim_card_declined')
  assert.is(tokenOf(card('4242424242424242'), true), 'sim_card_success')
  assert.is(tokenOf(upi('timeout.success.30s@sim'), true), 'sim_upi_timeout_success_30s')
})

test('chance follows the rate of the method, and the delay its range', () => {
  const outcome = (token: string, chance: number) => planAuthorization(token, settings, () => chance).outcome
  assert.is(outcome('sim_upi', 0.899), 'approved')
  assert.is(outcome('sim_upi', 0.901), 'declined')
  assert.is(outcome('sim_card', 0.949), 'approved')
  assert.is(outcome('sim_card', 0.951), 'declined')
  assert.is(planAuthorization('sim_upi', settings, () => 0).delayMs, 5_000)
  assert.is(planAuthorization('sim_upi', settings, () => 0.9999).delayMs, 10_000)
})

test('test mode fixes delay and outcome, but not what an instrument says', () => {
  const testMode = { ...settings, testMode: true, testPaymentSuccess: false, testProcessingDelayMs: 50 }
  const plan = planAuthorization('sim_upi', testMode, () => 0)
  assert.equal([plan.outcome, plan.delayMs], ['declined', 50])
  assert.is(planAuthorization('sim_upi', { ...testMode, testPaymentSuccess: true }, () => 1).outcome, 'approved')
  const spoken = planAuthorization('sim_upi_success', testMode, half)
  assert.equal([spoken.outcome, spoken.delayMs], ['approved', 50])
  assert.is(planAuthorization('sim_upi_success_30s', testMode, half).delayMs, 30_000)
})

test('a refund takes 3 to 5 seconds, in test mode as long as a payment', () => {
  assert.is(
    refundDelayMs(settings, () => 0),
    3_000,
  )
  assert.is(
    refundDelayMs(settings, () => 0.9999),
    5_000,
  )
  assert.is(refundDelayMs({ ...settings, testMode: true, testProcessingDelayMs: 20 }, half), 20)
})

test("a token that is not this bank's is declined", () => {
  for (const token of ['', 'tok_visa', 'sim_', 'sim_upi_constructor', 'sim_cash']) {
    assert.is(planAuthorization(token, settings, half).description, 'Unknown instrument', token)
  }
})

test('a QR code is paid as if somebody had scanned it, for every merchant', () => {
  for (const isTest of [true, false]) assert.is(tokenOf({ method: 'upi', vpa: null }, isTest), 'sim_upi_success')
})

test.run()
