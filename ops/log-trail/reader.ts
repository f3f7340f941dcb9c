/** Reads the trail for the API: what all processes said last, as lines with a place in the order. */
import type { LogLine, LogReader } from '../../api/routes/logs.ts'
import type { RedisConnection } from '../../runtime/redis.ts'
import { TRAIL_KEY } from './trail.ts'

/** Lines that one look reads. */
const AT_ONCE = 2_000

export function trailReader(redis: RedisConnection): LogReader {
  return {
    async read(after) {
      const found =
        after === null
          ? (await redis.xrevrange(TRAIL_KEY, '+', '-', 'COUNT', AT_ONCE)).reverse()
          : await redis.xrange(TRAIL_KEY, `(${after}`, '+', 'COUNT', AT_ONCE)
      return found.map(([id, fields]) => toLine(id, fields))
    },
  }
}

function toLine(id: string, fields: string[]): LogLine {
  const text = fields[fields.indexOf('l') + 1] ?? ''
  const process = fields[fields.indexOf('p') + 1] ?? ''
  try {
    const { level = 30, time = Number(id.split('-', 1)[0]), msg = '', ...rest } = JSON.parse(text)
    return { id, process, level: Number(level), atMs: Number(time), message: String(msg), fields: rest }
  } catch {
    // Cut to length: shown as it is.
    return { id, process, level: 30, atMs: Number(id.split('-', 1)[0]), message: text, fields: {} }
  }
}
