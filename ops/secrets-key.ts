/**
 * The key that stored secrets are sealed with. With the embedded database it is made once and kept beside it; any other
 * database may be read by several machines, which need one key, so there somebody has to choose it.
 */
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type { Config } from './config.ts'
import { StopReason } from './stop-reason.ts'
import { readText, writeWhole } from './supervisor/data-dir.ts'

/** Throws a StopReason when the key is missing and nobody may make one. */
export function secretsKey(config: Pick<Config, 'secretsKey' | 'databaseUrl' | 'dataDir'>): Buffer {
  if (config.secretsKey) return config.secretsKey
  if (config.databaseUrl) {
    throw new StopReason(
      'SECRETS_KEY is not set; a database of your own needs one: 32 bytes in base64 (openssl rand -base64 32)',
    )
  }
  const path = join(config.dataDir, 'secrets.key')
  const kept = readText(path)
  if (kept === null) {
    const key = randomBytes(32)
    writeWhole(path, `${key.toString('base64')}\n`)
    return key
  }
  const key = Buffer.from(kept, 'base64')
  if (key.length !== 32) throw new StopReason(`${path} is damaged: restore it, or set SECRETS_KEY to what it held`)
  return key
}
