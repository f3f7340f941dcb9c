/** The supervisor's parts that need no server. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { finished } from 'node:stream/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { freshFolder } from '../../tests/support/folder.ts'
import { secretsKey } from '../secrets-key.ts'
import { backOffMs, failuresAfter } from './back-off.ts'
import { box } from './box.ts'
import { readText, takeDataDir } from './data-dir.ts'
import { plain, RoleLog } from './role-log.ts'

const supervisor = suite('supervisor')
const folder = freshFolder()
supervisor.after(() => folder.drop())

supervisor('a folder is taken by one start at a time, and free when it is given back', () => {
  const dir = join(folder.path, 'taken')
  const giveBack = takeDataDir(dir)
  assert.ok(existsSync(join(dir, 'lock')))
  giveBack()
  takeDataDir(dir)()
})

supervisor('a folder whose start runs is refused by its number; one whose start was killed is taken over', async () => {
  const dir = join(folder.path, 'held')
  takeDataDir(dir)()
  // Anything whose command line says that it is an npm start.
  const holder = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)', 'ops/start.ts'], { stdio: 'ignore' })
  writeFileSync(join(dir, 'lock'), String(holder.pid))
  assert.throws(() => takeDataDir(dir), `process ${holder.pid}`)
  holder.kill('SIGKILL')
  await once(holder, 'exit')
  takeDataDir(dir)()
})

supervisor('a number in the lock that belongs to somebody else now does not refuse the folder', () => {
  const dir = join(folder.path, 'reused')
  takeDataDir(dir)()
  writeFileSync(join(dir, 'lock'), String(process.ppid))
  takeDataDir(dir)()
})

supervisor('the key of the embedded database is made once and kept; with a database of your own it must be set', () => {
  const embedded = { secretsKey: null, databaseUrl: null, dataDir: folder.path }
  const key = secretsKey(embedded)
  assert.is(key.length, 32)
  assert.equal(secretsKey(embedded), key)
  assert.throws(() => secretsKey({ ...embedded, databaseUrl: 'postgres://db/gateway' }), /^SECRETS_KEY is not set/)
})

interface Logged {
  screen: string[]
  file: string
  /** The file that was moved aside. */
  before: string | null
}

/** What a role's output leaves on the screen and in its file. */
async function logged(stdout: string[], stderr: string[]): Promise<Logged> {
  const path = join(folder.path, 'logs', `${Math.random()}.log`)
  const log = new RoleLog(path)
  const streams = [stdout, stderr].map((parts) => {
    const stream = new PassThrough()
    for (const part of parts) stream.write(part)
    stream.end()
    return stream
  }) as [PassThrough, PassThrough]
  const screen: string[] = []
  log.follow(...streams, (line) => screen.push(line))
  await Promise.all(streams.map((stream) => finished(stream)))
  log.close()
  return { screen, file: readFileSync(path, 'utf8'), before: readText(`${path}.1`) }
}

supervisor('warnings and errors of a role reach the screen in plain words, the rest its file alone', async () => {
  const info = '{"level":30,"msg":"request"}\n'
  const { screen, file } = await logged(
    [info, '{"level":50,"msg":"turn","err":{"message":"no"}}\n', info],
    ['Error: boom\n'],
  )
  assert.equal(screen.sort(), ['Error: boom', 'error: turn: no'])
  assert.is(file.length, info.length * 2 + '{"level":50,"msg":"turn","err":{"message":"no"}}\nError: boom\n'.length)
})

supervisor('a line that arrives in pieces, or without its end, is one line', async () => {
  const { screen } = await logged(['{"level":4', '0,"msg":"wai', 'ting"}\n{"level":40,"msg":"last"}'], [])
  assert.equal(screen, ['warning: waiting', 'warning: last'])
  assert.is(plain('no JSON'), 'no JSON')
})

supervisor('a log that has grown past its limit moves aside once, so a role keeps two files at most', async () => {
  const megabyte = `${'x'.repeat(1024 * 1024)}\n`
  const { file, before } = await logged(Array(12).fill(megabyte), [])
  assert.is(before?.length, 10 * megabyte.length)
  assert.is(file.length, 2 * megabyte.length)
})

supervisor('signals within a second are one wish, and a later one is in a hurry', async () => {
  const code = `
    import { onStopSignals } from ${JSON.stringify(join(import.meta.dirname, '..', 'signals.ts'))}
    onStopSignals((signal) => console.log('stop', signal), () => { console.log('hurry'); process.exit() })
    setInterval(() => {}, 1000)
    console.log('ready')`
  const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', code])
  let output = ''
  child.stdout.on('data', (text) => {
    output += text
  })
  await once(child.stdout, 'data')
  child.kill('SIGINT')
  await once(child.stdout, 'data')
  child.kill('SIGTERM')
  await sleep(1_200)
  child.kill('SIGINT')
  await once(child, 'close')
  assert.is(output, 'ready\nstop SIGINT\nhurry\n')
})

supervisor('back-off grows to ten seconds, and starts over for what has lived for a while', () => {
  assert.equal([1, 2, 3, 20].map(backOffMs), [100, 200, 400, 10_000])
  assert.equal([failuresAfter(0, 5), failuresAfter(4, 29_000), failuresAfter(4, 30_000)], [1, 5, 1])
})

supervisor('the box is as wide as its widest line', () => {
  const lines = box('Ready.', [
    ['API', 'http://localhost:8000'],
    ['Stop', 'Ctrl-C'],
  ]).split('\n')
  assert.is(new Set(lines.map((line) => line.length)).size, 1)
  assert.ok(lines[3]?.includes('API    http://localhost:8000'))
})

supervisor.run()
