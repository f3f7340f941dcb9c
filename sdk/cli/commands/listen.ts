/**
 * Events at a server that the gateway can't reach: they are streamed here and sent on to a URL of this machine, signed as the gateway
 * signs them, byte for byte the same body. Each is sent once; what answers anything but 2xx is told and left.
 */
import { createHmac } from 'node:crypto'
import type { GatewayEvent } from '../../node/index.ts'
import { standardSignature } from '../../node/webhooks.ts'
import type { Command } from '../main.ts'

const TIMEOUT_MS = 5_000

export const listen: Command = {
  usage: '--forward-to URL [--events payment.*,refund.processed] [--from EVENT_ID]',
  summary: 'Sends events on to a URL of this machine as they happen, signed',
  async run(args) {
    args.read({ 'forward-to': 'string', events: 'string', from: 'string' })
    const target = args.required('forward-to')
    if (!URL.canParse(target) || !/^https?:$/.test(new URL(target).protocol)) {
      throw args.wrong('--forward-to must be an http or https URL')
    }
    const gateway = args.gateway()
    const { webhook_secret: secret } = await gateway.webhooks.config()
    const types = args.text('events')?.split(',')
    const lastEventId = args.text('from')
    const leaving = new AbortController()
    process.once('SIGINT', () => leaving.abort())
    process.once('SIGTERM', () => leaving.abort())
    const events = gateway.events.stream({
      ...(types ? { types } : {}),
      ...(lastEventId === undefined ? {} : { lastEventId }),
      signal: leaving.signal,
      onOpen: () => console.log(`listening; sending on to ${target}`),
    })
    for await (const event of events) console.log(await forward(event, target, secret))
  },
}

async function forward(event: GatewayEvent, target: string, secret: string): Promise<string> {
  const body = webhookBody(event)
  const timestamp = String(Math.floor(Date.now() / 1_000))
  const startedAt = performance.now()
  const line = (outcome: string) =>
    `${event.created_at}  ${event.type.padEnd(18)}  ${event.id}  ${outcome} (${Math.round(performance.now() - startedAt)} ms)`
  try {
    const { status } = await fetch(target, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-webhook-signature': createHmac('sha256', secret).update(body).digest('hex'),
        'webhook-id': event.id,
        'webhook-timestamp': timestamp,
        'webhook-signature': standardSignature(event.id, timestamp, Buffer.from(body), secret),
      },
      body,
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    return line(String(status))
  } catch (error) {
    const { message, cause } = error as Error
    return line(`not sent: ${cause instanceof Error ? cause.message : message}`)
  }
}

/** What the gateway sends: the same fields in the same order. An event that is about no payment has no sequence. */
export function webhookBody({ type: event, timestamp, data, sequence }: GatewayEvent): string {
  return JSON.stringify({ event, timestamp, data, sequence: sequence > 0 ? sequence : undefined })
}
