/**
 * The merchant's events as they happen, over one connection for the whole app. When the line is cut the pages keep their
 * numbers and say from when they are; the browser reconnects by itself, from the last event it has seen. A tab that nobody looks at
 * gives its connection back, because a browser has six to a server and a seventh tab would wait for ever; whoever comes back, from
 * wherever, catches up.
 */
import { createSignal, onCleanup } from 'solid-js'
import type { GatewayEvent } from './types.ts'

/** off: nobody is signed in who could hear anything. */
export type Line = 'off' | 'connecting' | 'live' | 'paused' | 'lost'

const EVENT_TYPES = [
  'payment.created',
  'payment.pending',
  'payment.success',
  'payment.failed',
  'payment.captured',
  'payment.canceled',
  'refund.created',
  'refund.processed',
  'refund.failed',
  'webhook.test',
  'webhook.exhausted',
  'endpoint.disabled',
]

const [line, setLine] = createSignal<Line>('off')
/** When something last came over the line, ms; null before the first time. */
const [heardAt, setHeardAt] = createSignal<number | null>(null)
const hearers = new Set<(event: GatewayEvent) => void>()
/** What reads anew after a time without a line. */
const renewers = new Set<() => void>()
let source: EventSource | null = null
/** What a page read before the line was open may have changed meanwhile, if it took longer than this to open, ms. */
const SOON_MS = 300
/** The browser gives up for good on an answer that is no stream; then we try again. */
const AGAIN_MS = 3_000
let again: ReturnType<typeof setTimeout> | undefined

export { heardAt, line }

/** Opens the line; it stays open until `pause`. */
export function connect(): void {
  close()
  setLine('connecting')
  const askedAt = Date.now()
  source = new EventSource('/api/v1/stream')
  source.onopen = () => {
    setLine('live')
    const now = Date.now()
    const missedSome = heardAt() !== null || now - askedAt > SOON_MS
    setHeardAt(now)
    if (missedSome) for (const renew of renewers) renew()
  }
  source.onerror = () => {
    setLine('lost')
    if (source?.readyState === EventSource.CLOSED) again = setTimeout(connect, AGAIN_MS)
  }
  for (const type of EVENT_TYPES) source.addEventListener(type, hear)
}

document.addEventListener('visibilitychange', () => {
  if (line() === 'paused' || line() === 'off') return
  if (document.visibilityState === 'hidden') close()
  else if (!source) connect()
})

export function pause(): void {
  close()
  setLine('paused')
}

function close(): void {
  clearTimeout(again)
  source?.close()
  source = null
}

function hear(message: MessageEvent<string>): void {
  setHeardAt(Date.now())
  const event: GatewayEvent = JSON.parse(message.data)
  for (const hearer of hearers) hearer(event)
}

/** Calls `hearer` for every event while the component lives. */
export function onEvent(hearer: (event: GatewayEvent) => void): void {
  hearers.add(hearer)
  onCleanup(() => hearers.delete(hearer))
}

/** How often a page looks by itself while there is no line, ms. */
const WITHOUT_LINE_MS = 4_000

/**
 * Calls `renew` soon after something happened, at most once in `everyMs`: a page that reads a list anew does not need to read it
 * for each of a hundred events.
 */
export function onChange(
  renew: () => void,
  everyMs = 400,
  concerns: (event: GatewayEvent) => boolean = () => true,
): void {
  let timer: ReturnType<typeof setTimeout> | undefined
  const withoutLine = setInterval(() => (line() === 'lost' || line() === 'connecting') && renew(), WITHOUT_LINE_MS)
  renewers.add(renew)
  onCleanup(() => {
    clearInterval(withoutLine)
    renewers.delete(renew)
  })
  onEvent((event) => {
    if (timer || !concerns(event)) return
    timer = setTimeout(() => {
      timer = undefined
      renew()
    }, everyMs)
  })
  onCleanup(() => clearTimeout(timer))
}
