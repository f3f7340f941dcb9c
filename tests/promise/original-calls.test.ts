import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { until } from '../contract/until.ts'
import { Fleet } from '../fleet/fleet.ts'
import { type FreshFolder, freshFolder } from '../support/folder.ts'

const test = suite("the original's four calls, in a shell")

/** Letter by letter as the original's README prints them; {payment_id} is what its reader fills in. */
const CREATE = `curl -X POST http://localhost:8000/api/v1/payments \\
  -H "X-Api-Key: key_test_abc123" \\
  -H "X-Api-Secret: secret_test_xyz789" \\
  -H "Content-Type: application/json" \\
  -d '{
    "amount": 50000, 
    "currency": "INR", 
    "method": "upi", 
    "order_id": "ord_test_001", 
    "vpa": "test@upi"
  }'
`
const CAPTURE = `curl -X POST http://localhost:8000/api/v1/payments/{payment_id}/capture \\
  -H "X-Api-Key: key_test_abc123" \\
  -H "X-Api-Secret: secret_test_xyz789"
`
const REFUND = `curl -X POST http://localhost:8000/api/v1/payments/{payment_id}/refunds \\
  -H "X-Api-Key: key_test_abc123" \\
  -H "X-Api-Secret: secret_test_xyz789" \\
  -H "Content-Type: application/json" \\
  -d '{ "amount": 1000, "reason": "Customer requested" }'
`
const JOBS = `curl http://localhost:8000/api/v1/test/jobs/status
`

let fleet: Fleet
let home: FreshFolder
test.before(async () => {
  fleet = await Fleet.open({ workers: 1, settings: { TEST_PROCESSING_DELAY: '200' } })
  home = freshFolder()
  // Port 8000 may be somebody else's: curl is told where it is today, and the calls stay as they are printed.
  const rules = [`connect-to = "localhost:8000:${new URL(fleet.url).host}"`, 'silent', 'write-out = "\\n%{http_code}"']
  writeFileSync(join(home.path, '.curlrc'), rules.join('\n'))
})
test.after(async () => {
  await fleet?.close()
  home?.drop()
})

async function shell(call: string, paymentId = ''): Promise<{ status: number; body: Record<string, unknown> }> {
  const env = { PATH: process.env.PATH, CURL_HOME: home.path }
  const { stdout } = await promisify(execFile)('/bin/sh', ['-c', call.replace('{payment_id}', paymentId)], { env })
  const [body = '', status] = stdout.split(/\n(?=\d+$)/)
  return { status: Number(status), body: JSON.parse(body) }
}

test('create, capture, refund and job status answer what the original promises', async () => {
  const created = await shell(CREATE)
  assert.equal([created.status, created.body.status, created.body.vpa], [201, 'pending', 'test@upi'])
  const id = created.body.id as string
  await until(async () => (await fleet.merchant.payment(id)).status === 'success')

  const captured = await shell(CAPTURE, id)
  assert.equal([captured.status, captured.body.id, captured.body.captured], [200, id, true])

  const refunded = await shell(REFUND, id)
  const { amount, reason, status } = refunded.body
  assert.equal([refunded.status, amount, reason, status], [201, 1000, 'Customer requested', 'pending'])

  const jobs = await shell(JOBS)
  const { pending, processing, completed, failed, worker_status: worker } = jobs.body
  assert.equal([jobs.status, worker], [200, 'running'])
  assert.ok([pending, processing, completed, failed].every(Number.isInteger))
})

test.run()
