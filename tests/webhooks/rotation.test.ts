import { createHmac } from 'node:crypto'
import { Webhook } from 'standardwebhooks'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { type House, openHouse } from '../contract/house.ts'
import { until } from '../contract/until.ts'
import { moveClock } from './clock.ts'
import { type Hook, Hooks } from './hooks.ts'

const test = suite('the rotation of a secret, on a moved clock')

const PATH = '/api/v1/webhook_endpoints'
const HOUR_MS = 3_600_000
let house: House
let hooks: Hooks
test.before(async () => {
  hooks = await Hooks.open()
  house = await openHouse({ worker: true })
})
test.after(async () => {
  await house?.close()
  await hooks?.close()
})

/** As a receiver with the Standard Webhooks library and that secret. */
function verifies({ text, headers }: Hook, secret: string): boolean {
  try {
    new Webhook(secret, secret === 'whsec_test_abc123' ? { format: 'raw' } : undefined).verify(text, headers)
    return true
  } catch {
    return false
  }
}

/** The secret of the first endpoint is the merchant's, those of the others are their own: each has its own way to a new one. */
const ROTATIONS = [
  {
    whose: "the merchant's",
    path: '/first',
    regenerate: () => '/api/v1/webhooks/secret/regenerate',
    name: 'webhook_secret',
  },
  {
    whose: "an endpoint's own",
    path: '/second',
    regenerate: (id: string) => `${PATH}/${id}/secret/regenerate`,
    name: 'secret',
  },
]

for (const { whose, path, regenerate, name } of ROTATIONS) {
  test(`of ${whose} lets both secrets verify for 24 hours, and then only the new one`, async () => {
    const { id, secret: old } = (
      await house.call('POST', PATH, { body: { url: hooks.at(path, () => ({ status: 200 })) } })
    ).body
    const next = async (): Promise<Hook> => {
      const sent = (await house.call('POST', `${PATH}/${id}/test`)).body
      await until(async () => (await house.call('GET', `/api/v1/webhooks/${sent.id}`)).body.status === 'success')
      return hooks.of(path).at(-1) as Hook
    }
    assert.ok(verifies(await next(), old))
    const rotated = (await house.call('POST', regenerate(id))).body
    const current = rotated[name]
    assert.ok(Math.abs(Date.parse(rotated.previous_secret_expires_at) - Date.now() - 24 * HOUR_MS) < 60_000)
    for (const hours of [0, 23]) {
      await moveClock(house, hours * HOUR_MS)
      const hook = await next()
      assert.equal([verifies(hook, old), verifies(hook, current)], [true, true], `after ${hours} hours`)
      assert.is(hook.headers['webhook-signature']?.split(' ').length, 2)
      assert.is(hook.headers['x-webhook-signature'], createHmac('sha256', current).update(hook.text).digest('hex'))
    }
    await moveClock(house, HOUR_MS)
    const hook = await next()
    assert.equal([verifies(hook, old), verifies(hook, current)], [false, true])
    assert.is(hook.headers['webhook-signature']?.split(' ').length, 1)
  })
}

test.run()
