import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { describeFailure } from './failure.ts'
import { BlockedAddress } from './guard.ts'

const test = suite('failure')

function failure(code: string, message = ''): Error {
  return Object.assign(new Error(message), { code })
}

test('errors of the system become plain words, also when several addresses failed together', () => {
  assert.is(describeFailure(failure('ECONNREFUSED')), 'connection refused')
  assert.is(
    describeFailure(new AggregateError([failure('ENETUNREACH'), failure('ECONNREFUSED')])),
    'connection refused',
  )
  assert.is(describeFailure(new Error('outer', { cause: failure('ENOTFOUND') })), 'host name not found')
})

test('a blocked address is named', () => {
  assert.is(describeFailure(new BlockedAddress('10.0.0.1')), 'address 10.0.0.1 is not public')
})

test('a certificate that was not accepted is told with its reason, without advice to the wrong reader', () => {
  const self = failure(
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'self-signed certificate; if the root CA is installed locally, try ...',
  )
  assert.is(describeFailure(self), 'TLS certificate not accepted: self-signed certificate')
  const expired = failure('CERT_HAS_EXPIRED', 'certificate has expired')
  assert.is(describeFailure(expired), 'TLS certificate not accepted: certificate has expired')
})

test('what nobody foresaw keeps its message, shortened', () => {
  assert.is(describeFailure(failure('ESTRANGE', 'strange')), 'strange')
  assert.is(describeFailure(new Error('x'.repeat(1000))).length, 200)
  assert.is(describeFailure('not an error'), 'the call failed')
})

test.run()
