/**
 * The load: one POST again and again over a bounded number of connections, one request under way on each. It writes bytes made once and
 * reads of an answer only its status, its length and, when asked, its id, because whatever the load costs is taken from the
 * two cores that the measured sides share.
 */
import { createConnection, type Socket } from 'node:net'
import { serve } from '../kit/serve.ts'
import { nowMs } from '../kit/time.ts'

export interface Load {
  port: number
  path: string
  headers: Record<string, string>
  body: string
  connections: number
  /** Ends after so many requests, or after so long; one of the two is set. */
  requests?: number
  durationMs?: number
  /** At most so many a second, evenly; as many as go without it. */
  ratePerSecond?: number
  /** Tells which id was answered to a request that was sent when. */
  record?: boolean
}

export interface LoadResult {
  /** Answered with 201. */
  accepted: number
  /** Answered with anything else. */
  refused: number
  /** From the first request to the last answer. */
  ms: number
  startedMs: number
  sent: [id: string, atMs: number][]
}

/** One connection, and when its request was sent. */
interface Line {
  socket: Socket
  sentMs: number
}

const HEAD_END = '\r\n\r\n'

class Run {
  readonly #load: Load
  readonly #bytes: Buffer
  readonly #result: LoadResult = { accepted: 0, refused: 0, ms: 0, startedMs: nowMs(), sent: [] }
  readonly #idle: Line[] = []
  #started = 0
  #answered = 0
  #finish: (() => void) | null = null

  constructor(load: Load) {
    this.#load = load
    const headers = { host: `127.0.0.1:${load.port}`, ...load.headers, 'content-length': Buffer.byteLength(load.body) }
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
    this.#bytes = Buffer.from(`POST ${load.path} HTTP/1.1\r\n${lines.join('\r\n')}${HEAD_END}${load.body}`)
  }

  async run(): Promise<LoadResult> {
    const sockets = await Promise.all(Array.from({ length: this.#load.connections }, () => connect(this.#load.port)))
    this.#result.startedMs = nowMs()
    const finished = new Promise<void>((resolve) => {
      this.#finish = resolve
    })
    for (const socket of sockets) this.#open(socket)
    const pace = this.#load.ratePerSecond === undefined ? null : setInterval(() => this.#pump(), 1)
    await finished
    if (pace) clearInterval(pace)
    for (const socket of sockets) socket.destroy()
    return { ...this.#result, ms: nowMs() - this.#result.startedMs }
  }

  #open(socket: Socket): void {
    let text = ''
    const line: Line = { socket, sentMs: 0 }
    socket.on('data', (chunk: string) => {
      text = text === '' ? chunk : text + chunk
      const head = text.indexOf(HEAD_END)
      if (head < 0) return
      const length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? Number.NaN)
      if (Number.isNaN(length)) throw new Error(`an answer without a length: ${text}`)
      if (text.length < head + HEAD_END.length + length) return
      this.#count(text, line.sentMs)
      text = ''
      this.#idle.push(line)
      this.#pump()
    })
    this.#idle.push(line)
    this.#pump()
  }

  #count(text: string, sentMs: number): void {
    this.#answered++
    if (!text.startsWith('HTTP/1.1 201')) {
      this.#result.refused++
      return
    }
    this.#result.accepted++
    if (this.#load.record) this.#result.sent.push([/"id":"([^"]+)"/.exec(text)?.[1] ?? '', sentMs])
  }

  #pump(): void {
    const { requests = Number.POSITIVE_INFINITY, durationMs = Number.POSITIVE_INFINITY, ratePerSecond } = this.#load
    const elapsed = nowMs() - this.#result.startedMs
    const due =
      ratePerSecond === undefined ? requests : Math.min(requests, Math.floor((elapsed * ratePerSecond) / 1000))
    const over = elapsed >= durationMs || this.#started >= requests
    while (!over && this.#started < due) {
      const line = this.#idle.pop()
      if (!line) return
      this.#started++
      line.sentMs = nowMs()
      line.socket.write(this.#bytes)
    }
    if (over && this.#answered === this.#started) this.#finish?.()
  }
}

function connect(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = createConnection({ port, host: '127.0.0.1', noDelay: true }, () => resolve(socket))
    // One byte a character: an answer's length counts bytes.
    socket.setEncoding('latin1')
    socket.once('error', reject)
  })
}

serve({ run: (load: Load) => new Run(load).run() })
