import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { freshFolder } from '../support/folder.ts'

const test = suite('half a minute of chaos')

const MAIN = join(import.meta.dirname, 'main.ts')

test('breaks no promise', async () => {
  const folder = freshFolder()
  const args = [MAIN, '--seed', 'smoke', '--minutes', '0.5', '--rate', '6', '--folder', join(folder.path, 'run')]
  const output = await new Promise<string>((resolve) =>
    execFile(process.execPath, args, (error, stdout, stderr) => resolve(`${stdout}${stderr}${error ?? ''}`)),
  )
  folder.drop()
  assert.ok(output.includes('kept    every accepted payment comes to an end'), output)
  assert.not.match(output, /BROKEN/, output)
})

test.run()
