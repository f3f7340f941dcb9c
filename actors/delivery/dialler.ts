/**
 * One HTTP call to a merchant's receiver. The receiver is a stranger: it may be slow, endless, or placed to lead us
 * somewhere else. So the whole call has one deadline, redirects are answers like any other, at most 16 KiB of the body
 * are kept, and every connection goes through the guard.
 *
 * Connections are kept for a moment, because events come in bursts, and not for longer: a receiver that closes
 * an idle one just as we use it costs the merchant an attempt.
 */
import type { LookupFunction } from 'node:net'
import { Agent, type Client, Pool } from 'undici'
import type { AddressRanges } from './address-ranges.ts'
import { Exchange, type Received } from './exchange.ts'
import { describeFailure } from './failure.ts'
import { guardedConnector } from './guard.ts'
import { Trace, TracedClient, type TracedOptions } from './trace.ts'
import { warningAbout } from './warning.ts'

const CALL_TIMEOUT_MS = 5_000
/** To one receiver at once, from this process. More calls wait for a free one, within their deadline. */
const CONNECTIONS_AN_ORIGIN = 64
/** Receivers with an open connection. One without is forgotten at once. */
const ORIGINS = 4_096
/** Some servers close after 2 s of idling without saying so. */
const IDLE_MS = 1_000
/** For those who say that they wait longer; also how long a changed DNS entry may go unnoticed. */
const LONGEST_IDLE_MS = 30_000

export interface Call {
  url: string
  /** The exact text to send. */
  body: string
  headers: Record<string, string>
  /** For the whole call with the answer's body; default 5,000. */
  timeoutMs?: number
  signal: AbortSignal
}

/** The receiver answered, with whatever status. */
export interface Answer extends Received {
  timings: Record<string, number>
  durationMs: number
  /** The IP address that answered. */
  address: string
}

/** No answer. `error` is for people. */
export interface Failure {
  error: string
  timings: Record<string, number>
  durationMs: number
  address: string | null
}

export interface Dialler {
  /**
   * POSTs the body. Whatever the receiver does or fails to do is a result; the call throws only when `signal` is
   * aborted (its reason), and then nobody knows whether the receiver was reached.
   */
  dial(call: Call): Promise<Answer | Failure>
  /** What speaks against dialling this URL as things are now; null: nothing. For people: a call is judged when it is made. */
  warning(url: string): Promise<string | null>
  /** Waits for calls under way, then closes all connections. */
  close(): Promise<void>
}

export interface DiallerOptions {
  /** Address ranges that are open beside the public ones. */
  open: AddressRanges
  /** Resolves names; the system's look-up unless a test brings its own. */
  lookup?: LookupFunction
}

export function openDialler(options: DiallerOptions): Dialler {
  const connect = guardedConnector({ ...options, timeoutMs: CALL_TIMEOUT_MS })
  const client = (origin: URL, given: object) => new TracedClient(origin, given as Client.Options, connect)
  const agent = new Agent({
    connect,
    connections: CONNECTIONS_AN_ORIGIN,
    maxOrigins: ORIGINS,
    keepAliveTimeout: IDLE_MS,
    keepAliveMaxTimeout: LONGEST_IDLE_MS,
    factory: (origin, given) => new Pool(origin, { ...given, factory: client }),
  })
  return {
    dial: (call) => dial(agent, call),
    warning: (url) => warningAbout(url, options),
    close: () => agent.close(),
  }
}

async function dial(agent: Agent, call: Call): Promise<Answer | Failure> {
  const { signal, timeoutMs = CALL_TIMEOUT_MS } = call
  signal.throwIfAborted()
  const trace = new Trace()
  const exchange = new Exchange(trace)
  let timedOut = false
  const timer = setTimeout(() => {
    timedOut = true
    exchange.giveUp(new Error('the deadline has passed'))
  }, timeoutMs)
  const abort = () => exchange.giveUp(signal.reason)
  signal.addEventListener('abort', abort, { once: true })
  try {
    send(agent, call, exchange, trace)
    const received = await exchange.received
    signal.throwIfAborted()
    return {
      ...received,
      timings: trace.timings(),
      durationMs: trace.durationMs,
      address: trace.address ?? 'unknown',
    }
  } catch (error) {
    signal.throwIfAborted()
    return {
      error: timedOut ? `timed out after ${timeoutMs} ms` : describeFailure(error),
      timings: trace.timings(),
      durationMs: trace.durationMs,
      address: trace.address,
    }
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', abort)
  }
}

/** Throws when the URL is none. */
function send(agent: Agent, { url, body, headers }: Call, exchange: Exchange, trace: Trace): void {
  const { origin, pathname, search } = new URL(url)
  const options: TracedOptions = { origin, path: pathname + search, method: 'POST', headers, body, opaque: trace }
  agent.dispatch(options, exchange)
  trace.called()
}
