/**
 * The last lines of every process's log, gathered in one Redis stream that is cut to length, so that an operator reads all of them on
 * one page, wherever the processes run. A copy for looking, never the log itself: nothing waits for it, under load it leaves
 * out what is routine, and with Redis away or emptied it begins anew.
 */
import { openRedis, type RedisConnection } from '../../runtime/redis.ts'

export const TRAIL_KEY = 'log:trail'
/** Lines that are kept of all processes together. */
const KEPT = 3_000
const EVERY_MS = 250
/** Lines a process hands over each time; what is a warning or worse goes before what is not. */
const LINES_A_TIME = 50
const LINE_LIMIT = 4_096
const TROUBLE = /"level":[456]0\b/

export class LogTrail {
  readonly #process: string
  #lines: string[] = []
  #troubles: string[] = []
  #leftOut = 0
  #stop: (() => void) | null = null

  /** `process`: as the page calls it. */
  constructor(process: string) {
    this.#process = process
  }

  /** Takes note of a line of JSON. Costs next to nothing: the API calls it for every request. */
  add(line: string): void {
    if (this.#lines.length < LINES_A_TIME) this.#lines.push(line)
    else if (this.#troubles.length < LINES_A_TIME && TROUBLE.test(line)) this.#troubles.push(line)
    else this.#leftOut++
  }

  /** Hands lines over from now on; a second call changes nothing. */
  publish(redisUrl: string): void {
    if (this.#stop) return
    const redis = openRedis(redisUrl, 'commands')
    void redis.connect().catch(() => {})
    const timer = setInterval(() => void this.#handOver(redis), EVERY_MS)
    timer.unref()
    this.#stop = () => {
      clearInterval(timer)
      redis.disconnect()
    }
  }

  close(): void {
    this.#stop?.()
  }

  async #handOver(redis: RedisConnection): Promise<void> {
    const lines = [...this.#lines, ...this.#troubles]
    if (lines.length === 0) return
    const leftOut = this.#leftOut
    this.#lines = []
    this.#troubles = []
    this.#leftOut = 0
    const commands = redis.pipeline()
    for (const line of lines)
      commands.xadd(TRAIL_KEY, 'MAXLEN', '~', KEPT, '*', 'p', this.#process, 'l', line.slice(0, LINE_LIMIT))
    if (leftOut > 0) commands.xadd(TRAIL_KEY, 'MAXLEN', '~', KEPT, '*', 'p', this.#process, 'l', leftOutLine(leftOut))
    // Redis is away: the process's own output has every line all the same.
    await commands.exec().catch(() => {})
  }
}

function leftOutLine(count: number): string {
  return JSON.stringify({ level: 30, msg: `${count} lines more: the process's own output has them` })
}
