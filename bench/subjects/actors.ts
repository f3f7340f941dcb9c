/**
 * Actors that do nothing, over a store that keeps nothing: what is left is what the runtime itself costs - mailboxes, claims, turns,
 * acks - which is what a no-op job costs the users of a queue.
 */
import { type ActorDefinition, defineActor, type Handler } from '../../runtime/actor.ts'
import { type Address, toAddress } from '../../runtime/address.ts'
import { wallMs } from '../../runtime/clock.ts'
import type { Storage, Store, Timers } from '../../runtime/storage.ts'
import { JOB } from '../kit/job.ts'

export const KIND = 'noop'
const TENANT = '1'
const SLOTS = 256
const DEADLINE_MS = 60_000

export function addressOf(id: string): Address {
  return toAddress({ tenant: TENANT, kind: KIND, id })
}

export function noopActor(
  store: Store<object>,
  handlers: Record<string, Handler<object, never, never>>,
): ActorDefinition {
  return defineActor({ kind: KIND, store, slots: SLOTS, deadlineMs: DEADLINE_MS, handlers })
}

/** Every actor that is looked for is there, with so many commands to handle. */
export function bottomlessStore(commands: number): Store<object> {
  return {
    load: async (ids) =>
      ids.map((id) => ({
        id,
        tenant: TENANT,
        state: {},
        version: 0,
        lastSeq: 0,
        timers: {},
        commands: Array.from({ length: commands }, (_, i) => {
          return { seq: i + 1, id: '', name: 'work', body: JSON.parse(JOB), replyTo: null }
        }),
        now: wallMs(),
      })),
    commit: async (group) => group.map(() => []),
    facts: () => ({}),
    copy: (state) => ({ ...state }),
  }
}

/** Actors that remember their timers. One that is new has a command, `work`. */
export function timerStore(): Store<object> {
  const known = new Map<string, { version: number; timers: Timers }>()
  const command = { seq: 1, id: '', name: 'work', body: null, replyTo: null }
  return {
    load: async (ids) =>
      ids.map((id) => {
        const { version, timers } = known.get(id) ?? { version: 0, timers: {} }
        const commands = version === 0 ? [command] : []
        return {
          id,
          tenant: TENANT,
          state: {},
          version,
          lastSeq: version === 0 ? 0 : 1,
          timers,
          commands,
          now: wallMs(),
        }
      }),
    commit: async (group) =>
      group.map(({ id, version, timers }) => {
        known.set(id, { version: version + 1, timers })
        return []
      }),
    facts: () => ({}),
  }
}

/** For a client that only sends. */
export const NO_STORAGE: Storage = {
  stores: {},
  owed: async () => ({ owed: [], next: null }),
  answers: async () => [],
}
