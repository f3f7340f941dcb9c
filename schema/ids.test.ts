import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { newId, newUuid, newUuidV7 } from './ids.ts'

const ids = suite('ids')

ids('a public id is its prefix and exactly 16 letters or digits', () => {
  for (let n = 0; n < 2000; n++) assert.match(newId('pay_'), /^pay_[A-Za-z0-9]{16}$/)
})

ids('behind the time every character is as likely as every other', () => {
  const counts = new Map<string, number>()
  for (let n = 0; n < 40_000; n++) for (const c of newId('evt_').slice(11)) counts.set(c, (counts.get(c) ?? 0) + 1)
  assert.is(counts.size, 62)
  // 360,000 draws give each 5,806 on average, and a standard deviation of 76: a remainder of 256 by 62 would be off by 20 %.
  for (const count of counts.values()) assert.ok(Math.abs(count - 360_000 / 62) < 500, `${count}`)
})

ids('what was made in a later millisecond sorts later', () => {
  const earlier = newId('pay_')
  const began = Date.now()
  while (Date.now() === began);
  assert.ok(newId('pay_') > earlier)
})

ids('no two are the same', () => {
  assert.is(new Set(Array.from({ length: 10_000 }, () => newId('rfnd_'))).size, 10_000)
})

ids('UUIDs are of the version that they claim', () => {
  assert.match(newUuid(), /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  assert.match(newUuidV7(), /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
})

ids.run()
