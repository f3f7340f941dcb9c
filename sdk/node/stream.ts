/** Events as they happen. The stream is taken up again behind the last event, for as long as its reader wants, so none is missed. */
import { setTimeout as sleep } from 'node:timers/promises'
import { GatewayRefusal } from './errors.ts'
import type { Transport } from './transport.ts'
import type { GatewayEvent } from './types.ts'

export interface StreamOptions {
  /** `payment.success`, `refund.*`; all unless set. */
  types?: string[]
  paymentId?: string
  /** Begins behind this event; now unless set. */
  lastEventId?: string
  /** Ends the stream. */
  signal?: AbortSignal
  /** Called when the gateway is listening to: at first, and whenever it was lost and found again. */
  onOpen?: () => void
}

const PAUSE_MS = 2_000
const DATA = 'data: '

/** Ends with the signal, or when its reader leaves. Throws GatewayRefusal for what no waiting mends. */
export async function* streamEvents(transport: Transport, options: StreamOptions): AsyncGenerator<GatewayEvent> {
  const leaving = new AbortController()
  const signal = options.signal ? AbortSignal.any([options.signal, leaving.signal]) : leaving.signal
  let last = options.lastEventId
  try {
    while (!signal.aborted) {
      const response = await open(transport, options, last, signal)
      if (response?.body) {
        options.onOpen?.()
        for await (const event of eventsOf(response.body, signal)) {
          last = event.id
          yield event
        }
      }
      await sleep(PAUSE_MS, undefined, { signal }).catch(() => undefined)
    }
  } finally {
    leaving.abort()
  }
}

/** null: not now. */
async function open(
  transport: Transport,
  { types, paymentId }: StreamOptions,
  last: string | undefined,
  signal: AbortSignal,
): Promise<Response | null> {
  const query = { type: types?.join(','), payment_id: paymentId }
  const headers = { accept: 'text/event-stream', ...(last === undefined ? {} : { 'last-event-id': last }) }
  const response = await transport.open('/api/v1/stream', query, headers, signal).catch(() => null)
  if (!response || response.ok) return response
  const text = await response.text()
  if (response.status === 429 || response.status >= 500) return null
  const { error } = JSON.parse(text) as { error: { code: string; description: string; field?: string } }
  throw new GatewayRefusal({ ...error, status: response.status })
}

async function* eventsOf(body: ReadableStream<Uint8Array>, signal: AbortSignal): AsyncGenerator<GatewayEvent> {
  let text = ''
  try {
    for await (const chunk of body.pipeThrough(new TextDecoderStream())) {
      const frames = (text + chunk).split('\n\n')
      text = frames.pop() ?? ''
      for (const frame of frames) {
        // Lines end in \n and in nothing else: to a regular expression U+2028 ends one too, and it may stand in any text.
        const data = frame.split('\n').find((line) => line.startsWith(DATA))
        if (data !== undefined) yield JSON.parse(data.slice(DATA.length))
      }
    }
  } catch (error) {
    // A connection that broke is opened again; one that was left has nothing more to say.
    if (!signal.aborted && !(error instanceof TypeError)) throw error
  }
}
