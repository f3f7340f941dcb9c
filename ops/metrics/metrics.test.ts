import { readFileSync } from 'node:fs'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { parse } from 'yaml'
import { until } from '../../tests/contract/until.ts'
import { Fleet } from '../../tests/fleet/fleet.ts'

const test = suite('metrics')

let fleet: Fleet
test.before(async () => {
  fleet = await Fleet.open({})
})
test.after(() => fleet?.close())

const scrape = async () => await (await fetch(`${fleet.url}/metrics`)).text()
/** The value of one series, or nothing. */
const value = (text: string, series: string) => {
  const line = text.split('\n').find((candidate) => candidate.startsWith(`${series} `))
  return line === undefined ? undefined : Number(line.slice(series.length + 1))
}

test('one scrape of the API tells what all workers together have measured', async () => {
  const { status } = await fleet.merchant.pay({ vpa: 'success.0s@sim' })
  assert.is(status, 201)
  let text = ''
  await until(async () => {
    text = await scrape()
    return (value(text, 'gateway_bank_call_seconds_count{operation="authorize",answer="done"}') ?? 0) >= 1
  })
  assert.ok((value(text, 'gateway_turn_seconds_count{kind="payment",outcome="ok"}') ?? 0) >= 1, text)
  assert.ok((value(text, 'gateway_commit_group_sum{kind="payment"}') ?? 0) >= 1, text)
  assert.is(value(text, 'gateway_up'), 1)
  assert.is(value(text, 'gateway_workers'), 2)
  assert.is(value(text, 'gateway_truth_gap'), 0)
  assert.match(text, /gateway_build_info\{version="[\d.]+",node="v\d+/)
})

test('every alert asks for a series that a scrape has', async () => {
  const text = await scrape()
  const { groups } = parse(readFileSync(new URL('../alerts.yml', import.meta.url), 'utf8'))
  const rules: { alert: string; expr: string }[] = groups.flatMap((group: { rules: object[] }) => group.rules)
  assert.is(rules.length, 5)
  for (const { alert, expr } of rules) {
    for (const [series] of expr.matchAll(/gateway_[a-z_]+/g)) {
      assert.match(text, new RegExp(`^${series}(\\{| )`, 'm'), `${alert} asks for ${series}`)
    }
  }
})

test.run()
