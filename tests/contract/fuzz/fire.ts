/** Sends a request as it is, however odd, and judges the answer: in time, no fault of ours, in the one envelope. */
import { Agent, type IncomingMessage, request } from 'node:http'
import type { Shot } from './requests.ts'

const PATIENCE_MS = 8_000
const agent = new Agent({ keepAlive: true, maxSockets: 8 })

export interface Hit {
  status: number
  type: string
  text: string
}

/** Rejects when no answer comes in time. A stream is left as soon as it has begun. */
export function fire(url: string, { method, path, headers, body }: Shot): Promise<Hit> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve, reject) => {
    const sent = request({ agent, hostname, port, method, path, headers, timeout: PATIENCE_MS }, (response) => {
      read(response).then(resolve, reject)
    })
    sent.once('timeout', () => sent.destroy(new Error(`no answer in ${PATIENCE_MS} ms`)))
    sent.once('error', reject)
    sent.end(body ?? undefined)
  })
}

async function read(response: IncomingMessage): Promise<Hit> {
  const { statusCode: status = 0, headers } = response
  const type = headers['content-type'] ?? ''
  if (type.startsWith('text/event-stream')) {
    response.destroy()
    return { status, type, text: '' }
  }
  const chunks: Buffer[] = []
  for await (const chunk of response) chunks.push(chunk)
  return { status, type, text: Buffer.concat(chunks).toString('utf8') }
}

/** What is wrong with an answer; null: nothing. */
export function fault({ status, type, text }: Hit): string | null {
  if (status >= 500) return `answered ${status}`
  if (status < 400) return null
  if (!type.startsWith('application/json')) return `refused as ${type || 'nothing'}`
  const { error } = JSON.parse(text) as { error?: { code?: unknown; description?: unknown } }
  if (typeof error?.code !== 'string' || typeof error.description !== 'string') return 'refused outside the envelope'
  return /node_modules|\.ts:\d|select |insert /i.test(text) ? 'told its insides' : null
}

export function stopFiring(): void {
  agent.destroy()
}
