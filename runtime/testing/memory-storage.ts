/**
 * The truth in memory, by the same rules as the real one: the version is the fence, commands have dense numbers, `wakeAt` is the
 * earliest timer and never lies in the past of its commit. So what needs Redis can be tested with Redis alone - and with a store that
 * is away, slow, fenced, or silent about what became of a commit, whenever a test says so.
 */
import { type Address, parseAddress, toAddress } from '../address.ts'
import { wallMs } from '../clock.ts'
import type { Commit, JournalEntry, Loaded, Owed, OwedPage, OwedQuery, Storage, Timers } from '../storage.ts'
import { MESSAGES_A_TURN, StoreAway } from '../storage.ts'
import { Faults } from './faults.ts'
import { Watch } from './watch.ts'

export type State = Record<string, unknown>
/** A row that is part of an actor. */
export type Row = { key: string } & Record<string, unknown>
/** A fact; with `child`, an actor is born of it, due now. */
export interface Event {
  type: string
  child?: Address
}

type MemoryCommit = Commit<State, Row, Event>

interface StoredCommand {
  name: string
  body: unknown
  replyTo: string | null
  at: number
  handled: boolean
  result?: unknown
}

export interface StoredActor {
  address: Address
  state: State
  version: number
  lastSeq: number
  timers: Timers
  /** ms; null: no timer. */
  wakeAt: number | null
  /** Command number n stands at n - 1. */
  commands: StoredCommand[]
  rows: Map<string, Row>
  events: Event[]
  journal: JournalEntry[]
}

/** A commit that left a timer in the past is due this much later, so that a sweep can't spin. */
const PAST_WAKE_MS = 1000

export class MemoryStorage implements Storage {
  readonly stores: Storage['stores']
  readonly faults = new Faults()
  readonly #watch = new Watch()
  /** By kind and id, as a table has its rows. */
  readonly #actors = new Map<string, StoredActor>()

  constructor(kinds: string[]) {
    this.stores = Object.fromEntries(kinds.map((kind) => [kind, this.#storeOf(kind)]))
  }

  /** A new actor; `timers` in ms from now. */
  create(address: Address, timers: Timers = {}, state: State = {}): StoredActor {
    const now = wallMs()
    const due = Object.fromEntries(Object.entries(timers).map(([name, ms]) => [name, now + ms]))
    const actor: StoredActor = {
      address,
      state,
      version: 0,
      lastSeq: 0,
      timers: due,
      wakeAt: earliest(due),
      commands: [],
      rows: new Map(),
      events: [],
      journal: [],
    }
    this.#actors.set(keyOf(address), actor)
    return actor
  }

  /** A command for it, as the API writes one. Answers its number. */
  command(address: Address, name: string, body: unknown = {}, replyTo: string | null = null): number {
    const { commands } = this.actor(address)
    commands.push({ name, body, replyTo, at: wallMs(), handled: false })
    return commands.length
  }

  actor(address: Address): StoredActor {
    const actor = this.#actors.get(keyOf(address))
    if (!actor) throw new Error(`there is no ${address}`)
    return actor
  }

  /** Somebody else moves the actor: whoever has loaded it is fenced. */
  move(address: Address): void {
    this.actor(address).version++
  }

  /** Until it holds, looked at after every commit. Rejects after ten seconds, with what was waited for. */
  async until(holds: () => boolean, what: string): Promise<void> {
    await this.#watch.until(holds, what)
  }

  async owed({ fromMs, toMs, after, limit }: OwedQuery): Promise<OwedPage> {
    await this.faults.meet('owed')
    const now = wallMs()
    const places = [...this.#actors.values()]
      .flatMap((actor) =>
        duesOf(actor).map((at) => ({ at, address: actor.address, cursor: cursorOf(at, actor.address) })),
      )
      .filter(({ at, cursor }) => at <= now + toMs && (after === null ? at > now + (fromMs ?? -now) : cursor > after))
      .sort((a, b) => (a.cursor < b.cursor ? -1 : 1))
      .slice(0, limit)
    const owed = places.map(({ at, address }): Owed => ({ address, inMs: at - now }))
    return { owed, next: places.length < limit ? null : (places.at(-1)?.cursor ?? null) }
  }

  async answers(
    asked: { address: Address; seq: number }[],
  ): Promise<{ address: Address; seq: number; result: unknown }[]> {
    await this.faults.meet('answers')
    return asked.flatMap(({ address, seq }) => {
      const command = this.#actors.get(keyOf(address))?.commands[seq - 1]
      return command?.handled ? [{ address, seq, result: command.result }] : []
    })
  }

  #storeOf(kind: string): Storage['stores'][string] {
    return {
      load: async (ids) => {
        await this.faults.meet('load', ids)
        return ids.flatMap((id) => this.#actors.get(`${kind}/${id}`) ?? []).map(loaded)
      },
      commit: async (group) => {
        const commits = group as MemoryCommit[]
        await this.faults.meet(
          'commit',
          commits.map(({ id }) => id),
        )
        const answers = commits.map((commit) => this.#commit(kind, commit))
        this.#watch.look()
        if (this.faults.takeLostOutcome())
          throw new StoreAway('the connection dropped; nobody knows what became of the commit')
        return answers
      },
      facts: (state) => ({ ...(state as State) }),
    }
  }

  #commit(kind: string, commit: MemoryCommit): Address[] | null {
    const actor = this.#actors.get(`${kind}/${commit.id}`)
    if (!actor || actor.version !== commit.version) return null
    actor.version++
    actor.state = structuredClone(commit.state)
    actor.timers = { ...commit.timers }
    const wakeAt = earliest(actor.timers)
    actor.wakeAt = wakeAt === null || wakeAt > wallMs() ? wakeAt : wallMs() + PAST_WAKE_MS
    for (let seq = actor.lastSeq + 1; seq <= commit.lastSeq; seq++) {
      const result = commit.results.find((one) => one.seq === seq)?.result
      Object.assign(actor.commands[seq - 1] as StoredCommand, { handled: true, result })
    }
    actor.lastSeq = commit.lastSeq
    for (const row of commit.rows) actor.rows.set(row.key, structuredClone(row))
    actor.events.push(...commit.events)
    actor.journal.push(structuredClone(commit.journal))
    const born = commit.events.flatMap(({ child }) => child ?? [])
    for (const address of born) this.create(address, { born: 0 })
    return born
  }
}

function keyOf(address: Address): string {
  const { kind, id } = parseAddress(address)
  return `${kind}/${id}`
}

function earliest(timers: Timers): number | null {
  const dues = Object.values(timers)
  return dues.length === 0 ? null : Math.min(...dues)
}

/** Since when, or from when on, it is owed a turn: by its earliest timer, and by each command that nobody has handled. */
function duesOf({ wakeAt, commands }: StoredActor): number[] {
  const open = commands.find(({ handled }) => !handled)
  return [...(wakeAt === null ? [] : [wakeAt]), ...(open ? [open.at] : [])]
}

function cursorOf(at: number, address: Address): string {
  return `${at.toFixed(3).padStart(20, '0')} ${address}`
}

function loaded(actor: StoredActor): Loaded<unknown> {
  const { tenant, id } = parseAddress(actor.address)
  const commands = actor.commands
    .map(({ name, body, replyTo }, i) => ({ seq: i + 1, id: `cmd_${i + 1}`, name, body, replyTo }))
    .slice(actor.lastSeq, actor.lastSeq + MESSAGES_A_TURN)
  const { state, version, lastSeq, timers } = actor
  return { id, tenant, state: structuredClone(state), version, lastSeq, timers: { ...timers }, commands, now: wallMs() }
}

/** `1/test/<id>`, for tests to which tenants and kinds mean nothing. */
export function testAddress(id: string): Address {
  return toAddress({ tenant: '1', kind: 'test', id })
}
