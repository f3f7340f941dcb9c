import calculateSlot from 'cluster-key-slot'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { parseAddress, toAddress } from './address.ts'
import { partitionOf, partitionPrefix } from './partitions.ts'

const partitions = suite('partitions')

partitions('sixteen of them spread evenly over the slots, each in its own sixteenth', () => {
  const slots = Array.from({ length: 16 }, (_, p) => calculateSlot(partitionPrefix(p, 16)))
  assert.equal(
    slots.map((slot) => Math.floor(slot / 1024)),
    Array.from({ length: 16 }, (_, p) => p),
  )
})

partitions('every key of a partition stands in the slot of its tag', () => {
  const prefix = partitionPrefix(5, 16)
  const slots = ['q:1s/payment/pay_1', 'ready:payment', 'own', 'guard'].map((key) => calculateSlot(prefix + key))
  assert.is(new Set(slots).size, 1)
})

partitions('an address always lives in the same one, and a thousand of them live everywhere', () => {
  const at = (n: number) => partitionOf(`1s/payment/pay_${n}`, 16)
  assert.is(at(7), at(7))
  const counts = new Map<number, number>()
  for (let n = 0; n < 1000; n++) counts.set(at(n), (counts.get(at(n)) ?? 0) + 1)
  assert.is(counts.size, 16)
  assert.ok(Math.max(...counts.values()) < 2 * (1000 / 16))
  assert.is(partitionOf('1s/payment/pay_7', 1), 0)
})

partitions('an address is three parts, and what is not is refused', () => {
  assert.equal(parseAddress('1s/payment/pay_1'), { tenant: '1s', kind: 'payment', id: 'pay_1' })
  assert.is(toAddress({ tenant: '1s', kind: 'payment', id: 'pay_1' }), '1s/payment/pay_1')
  for (const wrong of ['', 'a', 'a/b', 'a/b/', '/b/c', 'a//c', 'a/b/c/d', '//']) {
    assert.throws(() => parseAddress(wrong), /not an actor address/, wrong)
  }
})

partitions.run()
