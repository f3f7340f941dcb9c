/**
 * The merchants' receivers of a chaos run, a process of its own: `node receivers/main.ts <port> <log> <secret>`. The path says how
 * one behaves, and the log says what came; it is written before the answer, so whatever was thanked for stands there.
 */
import { createHash, createHmac } from 'node:crypto'
import { openSync, writeSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Hit, RECEIVERS, type Receiver } from './receiver.ts'

const [port, logPath, secret] = process.argv.slice(2) as [string, string, string]
const log = openSync(logPath, 'a')
const SLOW_MS = 1_500

const server = createServer((request, response) => {
  receive(request, response).catch(() => response.destroy())
})
server.listen(Number(port), '127.0.0.1', () => process.send?.('ready'))
process.on('disconnect', () => process.exit(0))

async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const body = Buffer.concat(chunks)
  const receiver = (request.url ?? '').slice(1) as Receiver
  if (!RECEIVERS.includes(receiver)) return void response.writeHead(404).end()
  if (receiver === 'slow') await sleep(SLOW_MS * Math.random())
  if (receiver === 'failing' && Math.random() < 0.5) return void response.writeHead(500).end('no')
  const hit: Hit = {
    receiver,
    at: Date.now(),
    id: String(request.headers['webhook-id']),
    digest: createHash('sha256').update(body).digest('hex'),
    signed: request.headers['x-webhook-signature'] === createHmac('sha256', secret).update(body).digest('hex'),
  }
  writeSync(log, `${JSON.stringify(hit)}\n`)
  response.writeHead(200).end('thanks')
}
