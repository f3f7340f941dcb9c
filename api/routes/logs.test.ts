import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { matcher } from './logs.ts'

const test = suite('looking for log lines')

const line = {
  process: 'api',
  message: 'request',
  fields: { path: '/api/v1/payments/pay_1', status: 404, request_id: 'req_1' },
}

const cases: [string | undefined, boolean][] = [
  [undefined, true],
  ['pay_1', true],
  ['REQUEST', true],
  ['api', true],
  ['pay_2', false],
  ['status=404', true],
  ['status=40', false],
  ['request_id=req_1', true],
  ['missing=1', false],
]
for (const [q, found] of cases)
  test(`${q} ${found ? 'finds' : 'does not find'} it`, () => assert.is(matcher(q)(line), found))

test.run()
