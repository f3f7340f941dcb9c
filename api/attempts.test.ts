import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Attempts } from './attempts.ts'

const test = suite('wrong tries')

test('four wrong tries cost nothing, the fifth makes the name wait a minute', () => {
  const attempts = new Attempts()
  for (let i = 0; i < 4; i++) attempts.failed('a@example.com')
  assert.is(attempts.waitSeconds('a@example.com'), 0)
  attempts.failed('a@example.com')
  assert.is(attempts.waitSeconds('a@example.com'), 60)
})

test('a name that waits makes no other name wait', () => {
  const attempts = new Attempts()
  for (let i = 0; i < 9; i++) attempts.failed('a@example.com')
  assert.is(attempts.waitSeconds('b@example.com'), 0)
})

test('a right try forgets the wrong ones', () => {
  const attempts = new Attempts()
  for (let i = 0; i < 4; i++) attempts.failed('a@example.com')
  attempts.succeeded('a@example.com')
  attempts.failed('a@example.com')
  assert.is(attempts.waitSeconds('a@example.com'), 0)
})

test.run()
