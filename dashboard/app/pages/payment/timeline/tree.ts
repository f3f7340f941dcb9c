/**
 * What caused what: the API's flat timeline as a tree. A message hangs under the timer that brought it, what a message did hangs
 * under the message, and an attempt to deliver hangs under its event. Pure, so that it can be tested without a page.
 */
import type { TimelineEntry, Webhook } from '../../../data/types.ts'

export type RowKind = 'accepted' | 'message' | 'attempt' | 'timer' | 'state' | 'event' | 'webhook' | 'due' | 'failure'

export interface Row {
  /** In the address, when the row is selected. */
  key: string
  kind: RowKind
  name: string
  /** ms since the payment was accepted. */
  startMs: number
  endMs: number
  /** null: the row is a moment, or it has not happened yet. */
  tookMs: number | null
  /** The number of a command's message; null for one that a timer brought. */
  command: number | null
  /** Of an event: what became of the payment with it. */
  change: string | null
  detail: Record<string, unknown>
  parent: Row | null
  children: Row[]
}

/** Events that only say what a change of state says already: the two are one row. */
const CHANGE_OF: Record<string, string> = {
  'payment.success': 'success',
  'payment.failed': 'failed',
  'payment.captured': 'captured',
  'payment.canceled': 'canceled',
  'refund.processed': 'refunded',
}

/** `deliveries` add the attempts that are still to come. Answers the top rows, oldest first. */
export function buildTree(entries: readonly TimelineEntry[], deliveries: readonly Webhook[]): Row[] {
  const [first] = entries
  if (!first) return []
  const tree = new Tree(Date.parse(first.at))
  for (const entry of entries) tree.add(entry)
  for (const delivery of deliveries) tree.addNextAttempt(delivery)
  return tree.finish()
}

/** All rows as they stand below each other. */
export function flatten(rows: readonly Row[]): Row[] {
  return rows.flatMap((row) => [row, ...flatten(row.children)])
}

/** What will bring a message. */
interface Timer {
  name: string
  due: string
  /** Under which the message hangs: the timer's own row, or, when it was due at once, the message that set it. */
  row: Row
  /** Under which a timer of the same name hangs that comes after it. */
  parent: Row
}

/** A wait that is not worth a row of its own, ms. */
const AT_ONCE_MS = 100

class Tree {
  readonly #zeroMs: number
  readonly #top: Row[] = []
  readonly #messages: Row[] = []
  readonly #timers: Timer[] = []
  readonly #events = new Map<string, Row>()

  constructor(zeroMs: number) {
    this.#zeroMs = zeroMs
  }

  add(entry: TimelineEntry): void {
    const { kind, cause, detail, at } = entry
    const byCause = () => this.#cause(cause, at)
    if (this.#top.length === 0) this.#insert(null, this.#row('accepted', entry))
    else if (kind === 'message') this.#addMessage(entry)
    else if (kind === 'attempt') this.#insert(byCause(), endingAt(this.#row('attempt', entry)))
    else if (kind === 'state') this.#insert(this.#turn(detail.version) ?? byCause(), this.#row('state', entry))
    else if (kind === 'event') this.#events.set(String(detail.id), this.#insert(byCause(), this.#row('event', entry)))
    else this.#insert((cause === null ? undefined : this.#events.get(cause)) ?? null, this.#row('webhook', entry))
  }

  /** The attempt that a delivery waits for. */
  addNextAttempt({ id, event, payment_id, attempts, next_retry_at: at, endpoint_url, ...rest }: Webhook): void {
    if (at === null || payment_id === null) return
    const event_row = [...this.#events.values()].findLast((row) => row.name === event && this.#waits(row, id))
    const ms = Date.parse(at) - this.#zeroMs
    const detail = { delivery_id: id, endpoint_url, endpoint_id: rest.endpoint_id, attempt: attempts + 1, due_at: at }
    const row: Row = { ...blank(`next-${id}`), kind: 'due', name: event, startMs: ms, endMs: ms, detail }
    if (event_row) this.#insert(event_row, row)
  }

  finish(): Row[] {
    for (const timer of this.#timers)
      if (timer.row.kind === 'timer' && timer.row.children.length === 0) this.#addComing(timer)
    merge(this.#top)
    return this.#top
  }

  #addMessage(entry: TimelineEntry): void {
    if (entry.detail.error !== undefined) {
      this.#insert(this.#turn(entry.detail.version), this.#row('failure', entry))
      return
    }
    const timer = this.#timers.find(({ name, due }) => name === entry.name && due === entry.detail.due_at)
    const began = entry.cause === 'timer' ? (timer?.row ?? this.#top[0] ?? null) : null
    const command = Number(/^command (\d+)$/.exec(entry.cause ?? '')?.[1] ?? Number.NaN)
    const message = this.#insert(began, {
      ...this.#row('message', entry),
      command: Number.isNaN(command) ? null : command,
    })
    this.#messages.push(message)
    const scheduled = (entry.detail.scheduled ?? {}) as Record<string, string>
    for (const [name, due] of Object.entries(scheduled)) this.#addTimer(message, timer, name, due)
  }

  /** A timer that sets itself again stands beside the one before, or a payment that asks for hours would leave the page. */
  #addTimer(message: Row, brought: Timer | undefined, name: string, due: string): void {
    const parent = brought?.name === name ? brought.parent : message
    const waitMs = Date.parse(due) - this.#zeroMs - message.endMs
    const row: Row = {
      ...blank(`timer-${name}-${due}`),
      kind: 'timer',
      name,
      startMs: message.endMs,
      endMs: message.endMs,
      detail: { due_at: due, wait_ms: waitMs },
    }
    this.#timers.push({ name, due, parent, row: waitMs < AT_ONCE_MS ? parent : this.#insert(parent, row) })
  }

  /** The message that a timer will bring, unless a later one of its name came in its place. */
  #addComing({ row: timer }: Timer): void {
    const dueMs = Date.parse(String(timer.detail.due_at)) - this.#zeroMs
    const later = this.#messages.some(({ name, startMs }) => name === timer.name && startMs >= timer.startMs)
    const replaced = this.#timers.some(
      ({ row }) => row !== timer && row.name === timer.name && row.startMs >= timer.startMs,
    )
    if (later || replaced) return
    const row: Row = {
      ...blank(`${timer.key}-due`),
      kind: 'due',
      name: timer.name,
      startMs: dueMs,
      endMs: dueMs,
      detail: { due_at: timer.detail.due_at },
    }
    this.#insert(timer, row)
  }

  /** Whether the event's delivery of this id has been tried, or none of it has: then any event of the type will do. */
  #waits(event: Row, deliveryId: string): boolean {
    const tried = event.children.filter(({ kind }) => kind === 'webhook')
    return tried.length === 0 || tried.some(({ detail }) => detail.delivery_id === deliveryId)
  }

  #turn(version: unknown): Row | null {
    return this.#messages.findLast(({ detail }) => detail.version === version) ?? null
  }

  /** The last message of that name which had begun by then. */
  #cause(name: string | null, at: string): Row | null {
    const ms = Date.parse(at) - this.#zeroMs
    const message = this.#messages.findLast((row) => row.name === name && Math.floor(row.startMs) <= ms)
    return message ?? this.#top[0] ?? null
  }

  #row(kind: RowKind, { seq, at, name, duration_ms: tookMs, detail }: TimelineEntry): Row {
    const startMs = Date.parse(at) - this.#zeroMs
    return { ...blank(String(seq)), kind, name, startMs, endMs: startMs + (tookMs ?? 0), tookMs, detail }
  }

  #insert(parent: Row | null, row: Row): Row {
    row.parent = parent
    const siblings = parent?.children ?? this.#top
    siblings.push(row)
    return row
  }
}

function blank(key: string): Row {
  return {
    key,
    kind: 'message',
    name: '',
    startMs: 0,
    endMs: 0,
    tookMs: null,
    command: null,
    change: null,
    detail: {},
    parent: null,
    children: [],
  }
}

/** A call to the bank is noted when its answer is there. */
function endingAt(row: Row): Row {
  const took = row.tookMs ?? 0
  return { ...row, startMs: Math.max(0, row.startMs - took), endMs: Math.max(took, row.startMs) }
}

/** A change of state and the event that tells of it become one row; then everything stands in the order of time. */
function merge(rows: Row[]): void {
  for (const event of rows.filter(({ kind }) => kind === 'event')) {
    const at = rows.findIndex(({ kind, name }) => kind === 'state' && name === CHANGE_OF[event.name])
    const state = rows[at]
    if (!state) continue
    event.change = state.name
    event.detail = { ...state.detail, ...event.detail }
    rows.splice(at, 1)
  }
  rows.sort((a, b) => a.startMs - b.startMs)
  for (const { children } of rows) merge(children)
}
