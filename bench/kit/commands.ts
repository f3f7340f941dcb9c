/** Counts what this process asks of Redis: every command that a client sends is a round trip. What scripts call inside is not. */
import { Redis } from 'ioredis'

let sent = 0
const send = Redis.prototype.sendCommand
Redis.prototype.sendCommand = function (this: Redis, ...args: Parameters<typeof send>) {
  sent++
  return send.apply(this, args)
}

export function commandsSent(): number {
  return sent
}
