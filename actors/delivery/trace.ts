/**
 * Where the time of one call went. A merchant whose webhooks arrive late wants to know whether it was the name server,
 * the handshake or their own handler, and undici does not tell which connection carried a call. So every connection
 * notes how it was opened, and a call hands its trace along as undici's `opaque`, for the connection that takes it to
 * sign.
 */
import type { Socket } from 'node:net'
import { type buildConnector, Client, type Dispatcher } from 'undici'
import { monotonicMs } from '../../runtime/clock.ts'

/** When each step of opening a connection was done, by the monotonic clock. */
interface Opening {
  begun: number
  resolved?: number
  connected?: number
  secured?: number
  /** Ready to carry calls. */
  ready?: number
  /** The far end. */
  address?: string
}

/** A connection as its calls see it. It may be opened anew between two of them. */
interface Line {
  opening: Opening | null
}

export class Trace {
  readonly #begun = monotonicMs()
  #taken = this.#begun
  #queued = false
  #answered: number | null = null
  #line: Line | null = null

  takenBy(line: Line): void {
    this.#taken = monotonicMs()
    this.#line = line
  }

  /** The call was made: if no connection has taken it by now, it waits for one. */
  called(): void {
    this.#queued = this.#line === null
  }

  /** The answer's head has arrived. */
  answered(): void {
    this.#answered = monotonicMs()
  }

  /** Since the call began, whole ms. */
  get durationMs(): number {
    return Math.round(monotonicMs() - this.#begun)
  }

  /** Who was at the other end; null while nobody was. */
  get address(): string | null {
    return this.#line?.opening?.address ?? null
  }

  /**
   * The phases so far in ms: `queue` (all connections to this receiver were busy), `dns`, `connect`, `tls`, `wait`
   * (sent, no answer yet), `receive`. What did not happen is absent, such as the first four on a connection that stood
   * already.
   */
  timings(): Record<string, number> {
    const now = monotonicMs()
    const phases: Record<string, number> = {}
    const phase = (name: string, from: number | undefined, to: number | null | undefined) => {
      if (from !== undefined && to != null && to >= from) phases[name] = Math.round((to - from) * 10) / 10
    }
    const opening = this.#line?.opening
    if (this.#queued) phase('queue', this.#begun, this.#line ? this.#taken : now)
    if (!opening) return phases
    const stood = opening.ready !== undefined && opening.ready < this.#taken
    if (!stood) {
      phase('dns', opening.begun, opening.resolved)
      phase('connect', opening.resolved ?? opening.begun, opening.connected)
      phase('tls', opening.connected, opening.secured)
    }
    if (opening.ready !== undefined) phase('wait', Math.max(opening.ready, this.#taken), this.#answered ?? now)
    if (this.#answered !== null) phase('receive', this.#answered, now)
    return phases
  }
}

/** A call with its trace along. */
export type TracedOptions = Dispatcher.DispatchOptions & { opaque: Trace }

/** One connection to one receiver, which signs the trace of every call that it carries. */
export class TracedClient extends Client {
  readonly #line: Line

  constructor(origin: URL, options: Client.Options, connect: buildConnector.connector) {
    const line: Line = { opening: null }
    super(origin, { ...options, connect: noting(connect, line) })
    this.#line = line
  }

  override dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    const { opaque } = options as Partial<TracedOptions>
    opaque?.takenBy(this.#line)
    return super.dispatch(options, handler)
  }
}

/** `connect`, with the steps noted on the line. */
function noting(connect: buildConnector.connector, line: Line): buildConnector.connector {
  return (options, callback) => {
    const opening: Opening = { begun: monotonicMs() }
    line.opening = opening
    // undici's connectors return the socket that they open, though their type does not say so. Without it the phases
    // are merely absent.
    const socket = connect(options, (...answer) => {
      const [error, open] = answer
      if (!error) {
        opening.ready = monotonicMs()
        opening.address = open.remoteAddress
      }
      callback(...answer)
    }) as unknown as Socket | undefined
    // A name with several addresses is reported once for each.
    socket?.once('lookup', () => (opening.resolved = monotonicMs()))
    socket?.once('connect', () => (opening.connected = monotonicMs()))
    socket?.once('secureConnect', () => (opening.secured = monotonicMs()))
  }
}
