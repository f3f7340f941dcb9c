import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { GatewayError } from '../../schema/errors.ts'
import type { LateAnswer } from './acquirer.ts'
import { RemoteBank } from './remote.ts'

const test = suite('a bank behind HTTP')

const OPERATION = { key: 'pay_1:authorize', payment: 'pay_1', amount: 100, currency: 'INR', instrument: 'tok' }

let server: Server
let bank: RemoteBank
/** What the bank was asked, and how it answers. */
let asked: { method: string; url: string; body: string }[]
let answer: (url: string) => { status: number; body: string } | 'silence'
test.before(async () => {
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const { method = '', url = '' } = request
    asked.push({ method, url, body: Buffer.concat(chunks).toString() })
    const said = answer(url)
    if (said === 'silence') return
    response.writeHead(said.status).end(said.body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  bank = new RemoteBank(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
})
test.before.each(() => {
  asked = []
})
test.after(async () => {
  server.closeAllConnections()
  server.close()
  await bank.close()
})

const never = () => new AbortController().signal
const says = (status: number, body: unknown) => {
  answer = () => ({ status, body: JSON.stringify(body) })
}

/** The error that the promise rejects with. */
async function thrown(promise: Promise<unknown>): Promise<Error> {
  return promise.then(
    () => new Error('it did not throw'),
    (error) => error,
  )
}

test('is asked under the operation’s key, and its answer is ours', async () => {
  says(200, { state: 'pending', askAgainMs: 250 })
  assert.equal(await bank.authorize(OPERATION, never()), { state: 'pending', askAgainMs: 250 })
  const { key: _, ...rest } = OPERATION
  assert.equal(asked, [
    { method: 'PUT', url: '/operations/pay_1%3Aauthorize', body: JSON.stringify({ kind: 'authorize', ...rest }) },
  ])
})

test('that never heard of a key says unknown', async () => {
  says(404, {})
  assert.equal(await bank.inquire(OPERATION.key, never()), { state: 'unknown' })
})

test('that answers anything but an answer has an unknown outcome', async () => {
  for (const [status, body] of [
    [500, { state: 'done', bankRef: 'x' }],
    [200, { state: 'done' }],
    [200, { state: 'pending', askAgainMs: -1 }],
    [200, null],
    [404, {}],
  ] as const) {
    says(status, body)
    assert.match((await thrown(bank.refund(OPERATION, never()))).message, 'no answer that we know')
  }
  answer = () => ({ status: 200, body: '{"state":' })
  assert.instance(await thrown(bank.void(OPERATION, never())), SyntaxError)
})

test('that is silent is left at the caller’s deadline', async () => {
  answer = () => 'silence'
  const error = await thrown(bank.capture(OPERATION, AbortSignal.timeout(50)))
  assert.is(error.name, 'TimeoutError')
})

test('is not called by who may not be seen any more when the connection stands', async () => {
  answer = () => ({ status: 200, body: '{"state":"pending","askAgainMs":1}' })
  const lost = new Error('the lease is lost')
  const mayLeave = () => {
    throw lost
  }
  assert.is(await thrown(bank.refund(OPERATION, never(), mayLeave)), lost)
  assert.is(await thrown(bank.inquire(OPERATION.key, never(), mayLeave)), lost)
  await bank.refund(OPERATION, never(), () => {})
  assert.is(asked.length, 1)
})

test('is not called by who loses its lease after that question, before its bytes leave', async () => {
  answer = () => ({ status: 200, body: '{"state":"pending","askAgainMs":1}' })
  const lost = new Error('the lease is lost')
  const atTheLastMoment = () => {
    let questions = 0
    return () => {
      if (++questions === 2) throw lost
    }
  }
  assert.is(await thrown(bank.refund(OPERATION, never(), atTheLastMoment())), lost)
  assert.is(await thrown(bank.inquire(OPERATION.key, never(), atTheLastMoment())), lost)
  assert.equal(asked, [])
  await bank.refund(OPERATION, never(), () => {})
  assert.is(asked.length, 1)
})

test('that has no token for an instrument refuses the payment for now', async () => {
  says(500, {})
  const error = await thrown(bank.tokenize({ method: 'upi', vpa: 'a@b' }, true))
  assert.instance(error, GatewayError)
  assert.is((error as GatewayError).status, 503)
})

test('speaks of its own accord, and is listened to again after it hung up', async () => {
  let calls = 0
  const line = (key: string) => ({ key, payment: 'pay_1', answer: { state: 'done', bankRef: key } })
  answer = (url) => ({ status: 200, body: url === '/answers' ? `${JSON.stringify(line(`k${++calls}`))}\n` : '{}' })
  const heard: LateAnswer[] = []
  await new Promise<void>((resolve) => {
    const deafen = bank.onLateAnswer((late) => {
      if (heard.push(late) === 2) {
        deafen()
        resolve()
      }
    })
  })
  assert.equal(heard, [line('k1'), line('k2')])
})

test.run()
