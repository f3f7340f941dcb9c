/**
 * One HTTP call to a merchant's receiver. The receiver is a stranger: it may be slow, endless, or placed to lead us
 * somewhere else. So the whole call has one deadline, redirects are answers like any other, at most 16 KiB of the body
 * are kept, and every connection goes through the guard.
 *
 * Connections are kept for a moment, because events come in bursts, and not for longer: a receiver that closes
 * an idle one just as we use it costs the merchant an attempt.
 */
import type { LookupFunction } from 'node:net'
import { Agent, type Client, type Dispatcher, Pool, request } from 'undici'
import { abortable, limited } from '../abortable.ts'
import type { AddressRanges } from './address-ranges.ts'
import { describeFailure } from './failure.ts'
import { guardedConnector } from './guard.ts'
import { Trace, TracedClient } from './trace.ts'
import { warningAbout } from './warning.ts'

const CALL_TIMEOUT_MS = 5_000
const BODY_LIMIT = 16 * 1024
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
export interface Answer {
  status: number
  headers: Record<string, string>
  /** The first 16 KiB as text. */
  body: string
  /** True when there was more, or when the rest did not come in time: the status counts all the same. */
  truncated: boolean
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

function dial(agent: Agent, call: Call): Promise<Answer | Failure> {
  const { timeoutMs = CALL_TIMEOUT_MS } = call
  return limited(call.signal, timeoutMs, (signal) => exchange(agent, call, signal, timeoutMs))
}

/** `signal` is aborted with the call's own, and when its time is up. */
async function exchange(agent: Agent, call: Call, signal: AbortSignal, timeoutMs: number): Promise<Answer | Failure> {
  const trace = new Trace()
  try {
    const response = await send(agent, call, signal, trace)
    trace.answered()
    const { body, truncated } = await read(response.body)
    call.signal.throwIfAborted()
    return {
      status: response.statusCode,
      headers: flat(response.headers),
      body,
      truncated,
      timings: trace.timings(),
      durationMs: trace.durationMs,
      address: trace.address ?? 'unknown',
    }
  } catch (error) {
    call.signal.throwIfAborted()
    return {
      error: signal.aborted ? `timed out after ${timeoutMs} ms` : describeFailure(error),
      timings: trace.timings(),
      durationMs: trace.durationMs,
      address: trace.address,
    }
  }
}

function send(agent: Agent, { url, body, headers }: Call, signal: AbortSignal, trace: Trace) {
  const answer = request(url, { dispatcher: agent, method: 'POST', body, headers, signal, opaque: trace })
  trace.called()
  // undici looks at the signal only once a connection has taken the request: one that still waits would outlive its
  // deadline.
  return abortable(signal, answer)
}

/**
 * Reads up to the limit and hangs up on the rest. The receiver's verdict is its status, so a body that breaks off is no
 * failure.
 */
async function read(stream: Dispatcher.ResponseData['body']): Promise<{ body: string; truncated: boolean }> {
  const chunks: Buffer[] = []
  let size = 0
  let truncated = false
  try {
    for await (const chunk of stream) {
      chunks.push(chunk)
      size += chunk.length
      truncated = size > BODY_LIMIT
      if (truncated) break
    }
  } catch {
    truncated = true
  }
  return { body: text(Buffer.concat(chunks).subarray(0, BODY_LIMIT)), truncated }
}

/** U+0000 is replaced like any other byte that is no text: Postgres could not keep it. */
function text(bytes: Buffer): string {
  return bytes.toString().replaceAll('\0', '\uFFFD')
}

function flat(headers: Dispatcher.ResponseData['headers']): Record<string, string> {
  const entries = Object.entries(headers).filter(([, value]) => value !== undefined)
  return Object.fromEntries(entries.map(([name, value]) => [name, [value].flat().join(', ')]))
}
