/** The dashboard outside of demo mode: who gets in, what each role sees, and what a stranger's page can't do. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { freePort } from '../../ops/embedded/port.ts'
import { type House, OPERATOR_TOKEN, openHouse, TEST_KEY, TEST_SECRET } from '../contract/house.ts'
import { at, type Board, openBoard } from './support/board.ts'
import { Line } from './support/line.ts'

const test = suite('dashboard roles')

let house: House
let board: Board

test.before(async () => {
  house = await openHouse({ worker: 'Redis alone' })
  board = await openBoard({ apiUrl: house.url, demo: false })
})
test.after.each(() => board.leave())
test.after(async () => {
  await board?.close()
  await house?.close()
})

interface NewMerchant {
  id: string
  api_key: string
  api_secret: string
}

async function newMerchant(email: string): Promise<NewMerchant> {
  const { body } = await house.call('POST', '/api/v1/merchants', {
    body: { name: `Shop of ${email}`, email, test: true },
    headers: { authorization: `Bearer ${OPERATOR_TOKEN}` },
  })
  return body
}

async function signedIn(email: string, password: string) {
  const page = await board.visit('/dashboard/transactions?status=failed', {})
  await page.locator(at('email-input')).fill(email)
  await page.locator(at('password-input')).fill(password)
  await page.locator(at('login-button')).click()
  return page
}

test('nobody gets in unasked: every page leads to the door, and back to where one wanted to go', async () => {
  const { api_secret: secret } = await newMerchant('door@example.com')
  const page = await signedIn('door@example.com', secret)
  await page.waitForURL('**/dashboard/transactions?status=failed')
  await page.getByText('Shop of door@example.com').waitFor()
  assert.is(await page.getByRole('button', { name: /Continue as/ }).count(), 0)
})

test('a wrong password is told as such, and nobody is in', async () => {
  await newMerchant('wrong@example.com')
  const page = await signedIn('wrong@example.com', 'not the password')
  await page.getByRole('alert').filter({ hasText: 'Email or password is wrong' }).waitFor()
  assert.equal(await page.context().cookies(), [])
})

test('a key pair signs in, and the cookie is for no script and no other site', async () => {
  const page = await board.visit('/login', {})
  await page.getByRole('button', { name: 'Use an API key pair instead' }).click()
  await page.getByLabel('API key').fill(TEST_KEY)
  await page.getByLabel('API secret').fill(TEST_SECRET)
  await page.locator(at('login-button')).click()
  await page.waitForURL('**/dashboard')
  const [cookie] = await page.context().cookies()
  assert.equal([cookie?.httpOnly, cookie?.sameSite], [true, 'Lax'])
  const seen = await page.evaluate(() => `${document.cookie} ${document.documentElement.innerHTML}`)
  assert.not.match(seen, TEST_SECRET)
  assert.not.match(seen, cookie?.value ?? '')
})

test('a merchant sees no other merchant’s payment, and no page of the operator', async () => {
  const mine = await newMerchant('mine@example.com')
  const theirs = await newMerchant('theirs@example.com')
  const headers = { 'x-api-key': theirs.api_key, 'x-api-secret': theirs.api_secret }
  const body = { order_id: 'theirs', amount: 500, method: 'upi', vpa: 'success@sim' }
  const { id } = (await house.call('POST', '/api/v1/payments', { body, headers })).body
  const page = await signedIn('mine@example.com', mine.api_secret)
  await page.getByText('Nothing fits these filters').first().waitFor()
  await page.goto(`${board.dashboard.url}/dashboard/transactions/${id}`)
  await page.getByText('Payment not found').waitFor()
  for (const name of ['Actors', 'Jobs', 'Logs', 'Chaos corner']) {
    assert.is(await page.getByRole('link', { name, exact: true }).count(), 0, name)
  }
  await page.goto(`${board.dashboard.url}/dashboard/actors`)
  await page.getByText('There is no such page for you.').waitFor()
  const status = await page.evaluate(async () => (await fetch('/api/v1/actors')).status)
  assert.is(status, 403)
})

test('the operator sees the runtime and no merchant’s pages', async () => {
  const page = await board.visit('/login', {})
  await page.getByRole('button', { name: 'Sign in as the operator' }).click()
  await page.getByLabel('Operator token').fill(OPERATOR_TOKEN)
  await page.locator(at('login-button')).click()
  await page.waitForURL('**/dashboard/actors')
  await page.getByRole('heading', { name: 'Why is it not moving?' }).waitFor()
  assert.is(await page.getByRole('link', { name: 'Transactions' }).count(), 0)
})

test('signed out, the session is over everywhere', async () => {
  const { api_secret: secret } = await newMerchant('out@example.com')
  const page = await signedIn('out@example.com', secret)
  await page.waitForURL('**/transactions?status=failed')
  const [cookie] = await page.context().cookies()
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.waitForURL('**/login')
  const answer = await house.call('GET', '/api/v1/payments', { headers: { authorization: `Bearer ${cookie?.value}` } })
  assert.is(answer.status, 401)
})

test('a stranger’s page can neither frame the dashboard nor act through it', async () => {
  const { url } = board.dashboard
  const framed = await fetch(`${url}/login`)
  assert.match(framed.headers.get('content-security-policy') ?? '', "frame-ancestors 'none'")
  assert.not.match(framed.headers.get('content-security-policy') ?? '', 'unsafe')
  for (const [path, method] of [
    ['/session', 'POST'],
    ['/api/v1/orders', 'POST'],
  ] as const) {
    const headers = {
      'content-type': 'application/json',
      'sec-fetch-site': 'cross-site',
      origin: 'https://evil.example',
    }
    assert.is((await fetch(`${url}${path}`, { method, headers, body: '{}' })).status, 403)
  }
})

test('keys that a browser sends along open nothing: only the session counts', async () => {
  const headers = { 'x-api-key': TEST_KEY, 'x-api-secret': TEST_SECRET }
  assert.is((await fetch(`${board.dashboard.url}/api/v1/payments`, { headers })).status, 401)
})

test('after signing in one goes to a page of ours, whatever the link said', async () => {
  const { api_secret: secret } = await newMerchant('next@example.com')
  const page = await board.visit('/login?next=//evil.example/dashboard', {})
  await page.locator(at('email-input')).fill('next@example.com')
  await page.locator(at('password-input')).fill(secret)
  await page.locator(at('login-button')).click()
  await page.waitForURL(`${board.dashboard.url}/dashboard`)
})

test('a new key is made, its secret shown once, and revoked', async () => {
  const { api_secret: secret } = await newMerchant('keys@example.com')
  const page = await signedIn('keys@example.com', secret)
  await page.waitForURL('**/transactions?status=failed')
  await page.goto(`${board.dashboard.url}/dashboard/settings`)
  await page.getByRole('button', { name: 'New key' }).click()
  await page.getByLabel('Name (for you').fill('till 7')
  await page.getByRole('button', { name: 'Make the key' }).click()
  const dialog = page.getByRole('dialog', { name: 'Copy the secret now' })
  const made = (await dialog.locator('code').nth(1).innerText()).trim()
  assert.match(made, /^secret_test_[0-9a-f]{40}$/)
  await dialog.getByRole('button', { name: 'I have it' }).click()
  assert.not.match(await page.locator('body').innerText(), made)
  const row = page.getByRole('row').filter({ hasText: 'till 7' })
  await row.getByRole('button', { name: 'Revoke…' }).click()
  await page.getByRole('button', { name: 'Revoke the key' }).click()
  await row.getByText('ended').waitFor()
})

test('while the API is away the page says so, and comes back by itself', async () => {
  const line = new Line(await freePort(), Number(new URL(house.url).port))
  const cut = await openBoard({ apiUrl: line.url, demo: true })
  const page = await cut.visit('/dashboard', {})
  await page.getByRole('heading', { name: 'The API does not answer' }).waitFor()
  await line.mend()
  await page.locator(at('stats-container')).waitFor()
  await cut.close()
  await line.cut()
})

test.run()
