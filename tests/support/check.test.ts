import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { type Check, judge, runCheck } from './check.ts'

const check = suite('a check of npm test')

const summary = (total: number, passed: number) => `\n  Total:     ${total}\n  Passed:    ${passed}\n  Skipped:   0\n`

function script(code: string, uvu = false, limitMs = 20_000): Check {
  return { name: 'script', args: ['-e', code], env: process.env, limitMs, uvu }
}

check('counts what uvu counted', () => {
  assert.equal(judge(true, summary(3, 3), ''), { passed: 3, failed: 0, why: '' })
  assert.equal(judge(true, summary(3, 1), 'ended with 1'), { passed: 1, failed: 2, why: '' })
})

check('a file without a test, or without a summary, has failed', () => {
  assert.is(judge(true, summary(0, 0), '').failed, 1)
  assert.is(judge(true, 'hello', '').failed, 1)
})

check('a process that breaks after its tests have passed has failed', () => {
  assert.is(judge(true, summary(2, 2), 'ended with 1').failed, 1)
})

check('a program that is not a test file is judged by its exit code, and its words are kept', async () => {
  const good = await runCheck(script('console.log("fine")'))
  assert.equal([good.passed, good.failed, good.output], [1, 0, 'fine\n'])
  const bad = await runCheck(script('console.error("broken"); process.exit(3)'))
  assert.equal([bad.passed, bad.failed, bad.output], [0, 1, 'broken\nended with 3\n'])
})

check('one that never ends is ended, and has failed', async () => {
  const outcome = await runCheck(script('setInterval(() => {}, 1000)', true, 200))
  assert.is(outcome.failed, 1)
  assert.match(outcome.output, 'did not end within 0.2 s')
})

check('what it leaves in its process group is ended with it', async () => {
  const code = `
    const { spawn } = require('node:child_process')
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' })
    console.log(child.pid)
    child.unref()`
  const pid = Number((await runCheck(script(code))).output)
  const { waitForEnd } = await import('../../ops/embedded/process.ts')
  assert.ok(await waitForEnd(pid, 5_000))
})

check.run()
