import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { openLog } from './log.ts'

const log = suite('log')

log('a trouble that repeats is told once, and each of different ones', () => {
  const lines: string[] = []
  const { error } = openLog('worker', 'info', (line) => lines.push(line))
  for (let n = 0; n < 1000; n++) error(new Error('connection lost'), 'turn')
  error(new Error('connection lost'), 'sweep')
  const told = lines.map((line) => JSON.parse(line))
  assert.equal(
    told.map(({ level, role, msg, err }) => [level, role, msg, err.message]),
    [
      [50, 'worker', 'turn', 'connection lost'],
      [50, 'worker', 'sweep', 'connection lost'],
    ],
  )
})

log('what is below the level is not written', () => {
  const lines: string[] = []
  const write = (line: string) => lines.push(line)
  openLog('worker', 'warn', write).info('running')
  openLog('worker', 'silent', write).error(new Error('x'), 'turn')
  assert.is(lines.length, 0)
  openLog('worker', 'warn', write).warn('waiting')
  assert.is(lines.length, 1)
})

log.run()
