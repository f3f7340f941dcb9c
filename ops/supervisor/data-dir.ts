/**
 * DATA_DIR belongs to one npm start at a time: two on one cluster would end each other's servers. The lock is a file
 * with the number of its process, because a number can be asked whether it still lives and what it runs.
 */
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { commandLine, isAlive } from '../embedded/process.ts'
import { StopReason } from '../stop-reason.ts'

/** Words of our own command line. A number whose process does not show them has been reused. */
const OURS = 'ops/start.ts'

/** Makes the folder and takes it; answers how to give it back. Throws a StopReason when somebody has it. */
export function takeDataDir(path: string): () => void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 })
  } catch (error) {
    throw new StopReason(`DATA_DIR is "${path}" and can't be made (${(error as Error).message}); set a folder of yours`)
  }
  const lock = join(path, 'lock')
  const draft = `${lock}.${process.pid}`
  writeFileSync(draft, String(process.pid))
  try {
    while (!tryLink(draft, lock)) removeStale(lock, path)
  } finally {
    rmSync(draft, { force: true })
  }
  return () => rmSync(lock, { force: true })
}

/** A link is made whole or not at all, and by one process only. */
function tryLink(draft: string, lock: string): boolean {
  try {
    linkSync(draft, lock)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

/** Takes a dead process's lock away. Moved aside and read again first: another start may have replaced it meanwhile. */
function removeStale(lock: string, path: string): void {
  refuseIfHeld(lock, path)
  const aside = `${lock}.stale.${process.pid}`
  try {
    renameSync(lock, aside)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return
    throw error
  }
  try {
    refuseIfHeld(aside, path)
  } catch (error) {
    tryLink(aside, lock)
    throw error
  } finally {
    rmSync(aside, { force: true })
  }
}

function refuseIfHeld(lock: string, path: string): void {
  const pid = Number(readText(lock))
  // In a container the number of a start that died may be our own.
  if (!pid || pid === process.pid || !isAlive(pid) || !commandLine(pid).includes(OURS)) return
  throw new StopReason(
    `npm start runs already in ${path} (process ${pid}): stop it with Ctrl-C, or set another DATA_DIR and other ports`,
  )
}

/** A file that others read: in its place whole, or not at all. */
export function writeWhole(path: string, text: string): void {
  writeFileSync(`${path}.new`, text, { mode: 0o600 })
  renameSync(`${path}.new`, path)
}

/** The text of a file, or null when there is none. */
export function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}
