/**
 * A merchant's server that does nothing but say yes: it takes a POST, notes which payment it is about and when it came, and answers 200.
 * It reads no more of HTTP than it needs, so that it takes little of the cores that the measured sides share.
 */

import type { AddressInfo } from 'node:net'
import { createServer, type Socket } from 'node:net'
import { serve } from '../kit/serve.ts'
import { nowMs } from '../kit/time.ts'

const HEAD_END = '\r\n\r\n'
const YES = Buffer.from(`HTTP/1.1 200 OK\r\ncontent-length: 0${HEAD_END}`)

/** The payment's id, and when its first webhook came. */
let arrivals = new Map<string, number>()
let awaited: { count: number; arrived: (atMs: number) => void } | null = null

function receive(socket: Socket): void {
  socket.setEncoding('latin1').setNoDelay(true)
  // A sender that goes away takes nothing along that was not counted.
  socket.on('error', () => socket.destroy())
  let text = ''
  socket.on('data', (chunk: string) => {
    text = text === '' ? chunk : text + chunk
    for (let end = wholeRequest(text); end > 0; end = wholeRequest(text)) {
      note(text.slice(0, end))
      text = text.slice(end)
      socket.write(YES)
    }
  })
}

/** Where the first request ends; 0 while it has not. */
function wholeRequest(text: string): number {
  const head = text.indexOf(HEAD_END)
  if (head < 0) return 0
  const length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0)
  const end = head + HEAD_END.length + length
  return text.length < end ? 0 : end
}

function note(request: string): void {
  const id = /"payment":\{"id":"([^"]+)"/.exec(request)?.[1]
  if (id === undefined || arrivals.has(id)) return
  const atMs = nowMs()
  arrivals.set(id, atMs)
  if (awaited && arrivals.size >= awaited.count) awaited.arrived(atMs)
}

serve({
  /** Answers the port. */
  listen: () =>
    new Promise<number>((resolve) => {
      const server = createServer(receive).listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port))
    }),
  reset: () => {
    arrivals = new Map()
    awaited = null
  },
  count: () => arrivals.size,
  arrivals: () => [...arrivals],
  /** When the payment arrived that made it so many; rejects after `limitMs` without it. */
  until: (count: number, limitMs: number) =>
    new Promise<number>((resolve, reject) => {
      const last = [...arrivals.values()].at(count - 1)
      if (last !== undefined) return resolve(last)
      const limit = setTimeout(
        () => reject(new Error(`${arrivals.size} of ${count} payments arrived in ${limitMs} ms`)),
        limitMs,
      )
      awaited = {
        count,
        arrived: (atMs) => {
          clearTimeout(limit)
          awaited = null
          resolve(atMs)
        },
      }
    }),
})
