/**
 * Where a server's own output goes. A file and not a pipe: a server that outlives us would die of the broken pipe.
 */
import { closeSync, fstatSync, mkdirSync, openSync, readSync, renameSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

const LIMIT_BYTES = 10 * 1024 * 1024
const TAIL_BYTES = 16 * 1024

export interface LogFile {
  fd: number
  /** What was written since it was opened, at most the last 16 KiB. */
  text(): string
  close(): void
}

/** Opens for appending. A file that has grown past 10 MiB moves aside first, so there are two at most. */
export function openLogFile(path: string): LogFile {
  mkdirSync(dirname(path), { recursive: true })
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > LIMIT_BYTES) renameSync(path, `${path}.1`)
  const fd = openSync(path, 'a+')
  const from = fstatSync(fd).size
  return {
    fd,
    text() {
      const size = fstatSync(fd).size
      const start = Math.max(from, size - TAIL_BYTES)
      const buffer = Buffer.alloc(size - start)
      readSync(fd, buffer, 0, buffer.length, start)
      return buffer.toString('utf8')
    },
    close: () => closeSync(fd),
  }
}
