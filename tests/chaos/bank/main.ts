/**
 * The chaos bank, a process of its own: `node bank/main.ts <port> <books> <seed>`. It speaks as actors/acquirers/remote.ts says, treats
 * its callers as moods.ts says, and can be killed and started again over the same books.
 */
import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Asked, Clash, type Entry, Ledger } from './ledger.ts'
import { decisionOn, type Treatment, treatmentOf } from './moods.ts'

const [port, booksPath, seed] = process.argv.slice(2) as [string, string, string]
const ledger = new Ledger(booksPath)
/** How often each key has come, since this process lives. */
const calls = new Map<string, number>()
const streams = new Set<ServerResponse>()
/** A callback comes this long after the operation was decided, and again after as long. */
const CALLBACK_MS = 400
const SECOND_MS = 1_000

const server = createServer((request, response) => {
  answer(request, response).catch((error) => {
    console.error(error instanceof Clash ? `CLASH ${error.message}` : error)
    response.writeHead(error instanceof Clash ? 409 : 500).end('{}')
  })
})
server.listen(Number(port), '127.0.0.1', () => process.send?.('ready'))
process.on('disconnect', () => process.exit(0))

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method, url = '' } = request
  if (url === '/answers') return listen(response)
  const text = await bodyOf(request)
  if (url === '/tokens') return send(response, 200, { token: `chaos_${randomUUID()}` })
  const key = decodeURIComponent(url.replace(/^\/operations\//, ''))
  const nth = (calls.get(key) ?? 0) + 1
  calls.set(key, nth)
  const treatment = treatmentOf(seed, key, nth)
  if (treatment.written) act(method, key, text)
  if (!(await wasTreated(response, treatment))) return
  const entry = act(method, key, text)
  if (entry) send(response, 200, answerOf(entry))
  else send(response, 404, {})
}

/** Inquires, or does what is asked under the key; once it stands, it only tells. */
function act(method: string | undefined, key: string, text: string): Entry | undefined {
  if (method === 'GET') return ledger.find(key)
  const asked: Asked = { ...(JSON.parse(text) as Omit<Asked, 'key'>), key }
  const isNew = !ledger.find(key)
  const { approved, reason, takesMs, callbacks } = decisionOn(seed, asked.kind, key)
  const at = Date.now()
  const { kind, payment, amount, currency } = asked
  const wish = { approved, reason, bankRef: randomUUID(), at, readyAt: at + takesMs }
  const entry = ledger.write({ key, kind, payment, amount, currency }, wish)
  if (isNew) for (let n = 0; n < callbacks; n++) callBack(entry, CALLBACK_MS + n * SECOND_MS)
  return entry
}

/** False: the call is at its end, without an answer or with a bad one. */
async function wasTreated(response: ServerResponse, { mood, delayMs }: Treatment): Promise<boolean> {
  await sleep(delayMs)
  if (mood === 'error') send(response, 500, { error: 'out of sorts' })
  if (mood === 'hang up') response.destroy()
  return mood === 'well' || mood === 'late'
}

function answerOf(entry: Entry): object {
  const now = Date.now()
  const state = ledger.stateOf(entry, now)
  if (state === 'pending') return { state, askAgainMs: Math.max(0, entry.readyAt - now) }
  if (state === 'done') return { state, bankRef: entry.bankRef }
  return { state, bankRef: entry.bankRef, code: 'PAYMENT_FAILED', description: entry.reason ?? 'voided before' }
}

function callBack(entry: Entry, afterMs: number): void {
  const say = () => {
    const line = `${JSON.stringify({ key: entry.key, payment: entry.payment, answer: answerOf(entry) })}\n`
    for (const stream of streams) stream.write(line)
  }
  setTimeout(say, entry.readyAt - entry.at + afterMs)
}

function listen(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/x-ndjson' }).flushHeaders()
  streams.add(response)
  response.on('close', () => streams.delete(response))
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}
