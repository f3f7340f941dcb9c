/** What is due to an actor, lined up from what was loaded: timers by their time, then commands by their number. */
import type { Message } from './actor.ts'
import { type Loaded, MESSAGES_A_TURN } from './storage.ts'

/** In the order in which they are handled, at most as many as one turn takes. */
export function pendingMessages({ timers, commands, now }: Loaded<unknown>): Message<unknown>[] {
  const messages: Message<unknown>[] = []
  for (const name in timers) {
    const at = timers[name] as number
    if (at <= now) messages.push({ kind: 'timer', name, body: null, seq: 0, at })
  }
  if (messages.length > 1) messages.sort((a, b) => a.at - b.at || (a.name < b.name ? -1 : 1))
  for (const { name, body, seq, at } of commands) messages.push({ kind: 'command', name, body, seq, at: at ?? now })
  return messages.length > MESSAGES_A_TURN ? messages.slice(0, MESSAGES_A_TURN) : messages
}

/** The handler of `refund:rfnd_1` is `refund`. */
export function handlerName(message: string): string {
  const colon = message.indexOf(':')
  return colon < 0 ? message : message.slice(0, colon)
}
