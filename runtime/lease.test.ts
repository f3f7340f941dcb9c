import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Lease, sentNow } from './lease.ts'
import { LEASE_MARGIN_MS } from './limits.ts'

const lease = suite('lease')

lease('it holds from the sending of the answered turn, less the margin', () => {
  const subject = new Lease('worker', 5000)
  subject.renew(sentNow())
  assert.ok(subject.leftMs <= 5000 - LEASE_MARGIN_MS)
  assert.ok(subject.leftMs > 5000 - LEASE_MARGIN_MS - 1000)
})

lease('before its first turn is answered nothing may be done with it', () => {
  assert.ok(new Lease('worker', 5000).leftMs <= 0)
})

lease('the larger of both clocks counts: a suspended machine may stop either', () => {
  const { monotonic, wall } = sentNow()
  const slept = new Lease('worker', 5000)
  slept.renew({ monotonic, wall: wall - 6000 })
  assert.ok(slept.leftMs <= 0, 'the wall clock went on')
  const stepped = new Lease('worker', 5000)
  stepped.renew({ monotonic: monotonic - 6000, wall })
  assert.ok(stepped.leftMs <= 0, 'the monotonic clock went on')
})

lease('lost is lost: nothing is left, and no renewal brings it back', () => {
  const subject = new Lease('worker', 5000)
  subject.lose()
  subject.renew(sentNow())
  assert.ok(subject.lost)
  assert.is(subject.leftMs, 0)
})

lease('whoever asked is told once that it is lost, and at once if he comes too late', () => {
  const subject = new Lease('worker', 5000)
  const told: string[] = []
  subject.whenLost(() => told.push('stays'))
  const forget = subject.whenLost(() => told.push('has gone'))
  forget()
  subject.lose()
  subject.lose()
  subject.whenLost(() => told.push('late'))
  assert.equal(told, ['stays', 'late'])
})

lease('no two are alike, and neither are the tokens of two turns', () => {
  const [a, b] = [new Lease('worker', 5000), new Lease('worker', 5000)]
  assert.is.not(a.id, b.id)
  assert.is.not(a.token(a.nextTurn()), a.token(a.nextTurn()))
})

lease.run()
