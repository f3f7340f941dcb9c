import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { GatewayError } from './errors.ts'

const errors = suite('errors')

errors('the code decides the status, unless the case has one of its own', () => {
  assert.is(new GatewayError('NOT_FOUND_ERROR', 'Payment not found').status, 404)
  assert.is(new GatewayError('INVALID_VPA', 'vpa must be name@bank').status, 400)
  assert.is(new GatewayError('BAD_REQUEST_ERROR', 'body is over 1 MiB', { status: 413 }).status, 413)
})

errors('what helps the caller goes with it, and what caused it stays behind', () => {
  const cause = new Error('no route to the bank')
  const error = new GatewayError('SERVER_ERROR', 'Try again', { status: 503, retryAfterSeconds: 2, cause })
  assert.equal([error.message, error.status, error.retryAfterSeconds, error.field], ['Try again', 503, 2, undefined])
  assert.is(error.cause, cause)
})

errors.run()
