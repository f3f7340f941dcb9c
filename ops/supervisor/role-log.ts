/**
 * Where the words of a role's processes go: all of them into DATA_DIR/logs/<role>.log, warnings and errors to the
 * screen too, with the process's name before them.
 *
 * Under load the API says thousands of lines a second and nearly all of them are routine, so a chunk is only taken
 * apart when something in it is for the screen.
 */
import { closeSync, fstatSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Readable } from 'node:stream'

const LIMIT_BYTES = 10 * 1024 * 1024
/** pino's numbers for warn, error and fatal. */
const LEVELS: Record<number, string> = { 40: 'warning', 50: 'error', 60: 'fatal' }
const FOR_THE_SCREEN = /"level":[456]0\b/

export class RoleLog {
  readonly #path: string
  #fd: number
  #size: number

  constructor(path: string) {
    mkdirSync(dirname(path), { recursive: true })
    this.#path = path
    this.#fd = openSync(path, 'a')
    this.#size = fstatSync(this.#fd).size
  }

  /** `stdout` carries JSON lines, `stderr` words for people. `say` prints a line on the screen. */
  follow(stdout: Readable, stderr: Readable, say: (line: string) => void): void {
    eachPart(stdout, (part) => {
      this.#write(part)
      if (!FOR_THE_SCREEN.test(part)) return
      for (const line of part.split('\n')) if (FOR_THE_SCREEN.test(line)) say(plain(line))
    })
    eachPart(stderr, (part) => {
      this.#write(part)
      for (const line of part.trimEnd().split('\n')) say(line)
    })
  }

  close(): void {
    closeSync(this.#fd)
  }

  /** Past the limit the file moves aside, so a role keeps two files at most. */
  #write(text: string): void {
    this.#size += writeSync(this.#fd, text)
    if (this.#size < LIMIT_BYTES) return
    closeSync(this.#fd)
    renameSync(this.#path, `${this.#path}.1`)
    this.#fd = openSync(this.#path, 'a')
    this.#size = 0
  }
}

/** Whole lines, as many as came together. */
function eachPart(stream: Readable, take: (part: string) => void): void {
  let rest = ''
  stream.setEncoding('utf8')
  stream.on('data', (chunk: string) => {
    const text = rest + chunk
    const end = text.lastIndexOf('\n') + 1
    rest = text.slice(end)
    if (end > 0) take(text.slice(0, end))
  })
  stream.on('end', () => {
    if (rest) take(`${rest}\n`)
  })
}

/** A JSON line as people read it; any other line as it is. */
export function plain(line: string): string {
  try {
    const { level, msg, err } = JSON.parse(line) as { level: number; msg?: string; err?: { message?: string } }
    return [LEVELS[level], msg, err?.message].filter(Boolean).join(': ')
  } catch {
    return line
  }
}
