/** A merchant's receiver for tests: it takes every webhook, says thanks, and hands them out by event. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Received {
  text: string
  headers: Record<string, string>
}

export interface Receiver {
  url: string
  /** The next webhook of that event which nobody has asked for yet; rejects after ten seconds. */
  next(event: string): Promise<Received>
  /** Webhooks that came and nobody has asked for. */
  readonly waiting: number
  close(): Promise<void>
}

const PATIENCE_MS = 10_000

export async function openReceiver(): Promise<Receiver> {
  const received: (Received & { event: string })[] = []
  let heard = Promise.withResolvers<void>()
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const text = Buffer.concat(chunks).toString()
    received.push({ text, event: JSON.parse(text).event, headers: request.headers as Record<string, string> })
    response.end('thanks')
    heard.resolve()
    heard = Promise.withResolvers()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks`,
    async next(event) {
      const late = AbortSignal.timeout(PATIENCE_MS)
      for (;;) {
        const index = received.findIndex((webhook) => webhook.event === event)
        if (index >= 0) return received.splice(index, 1)[0] as Received
        if (late.aborted) throw new Error(`no ${event} within ${PATIENCE_MS} ms`)
        await Promise.race([heard.promise, new Promise((resolve) => late.addEventListener('abort', resolve))])
      }
    },
    get waiting() {
      return received.length
    },
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
