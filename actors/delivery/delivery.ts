/**
 * The webhook delivery actor: one event on its way to one endpoint. An attempt is a timer, a retry is the next timer, and a manual retry
 * is a command that starts the schedule over. Delivery is at least once: the event's id is the same on every attempt, so receivers
 * can drop what they have seen.
 *
 * Before an attempt there are three questions: does the endpoint still want it, is it this event's turn, and is there room at the
 * endpoint. Whoever has to wait sets its timer and lets go of its worker, so a slow or dead endpoint costs the others nothing; it is
 * rung when what it waits for has come.
 */
import { type ActorDefinition, defineActor } from '../../runtime/actor.ts'
import { type Admitted, type GateLimits, type Gates, OPEN_GATES } from '../../runtime/gates.ts'
import type { Store } from '../../runtime/storage.ts'
import type { PaymentEvent } from '../payment/state.ts'
import { type Call, callEndpoint, type DeliveryTurn } from './attempt.ts'
import type { Answer, Failure } from './dialler.ts'
import { afterFailure, afterSuccess } from './failing.ts'
import { disabledNotice, exhaustedNotice } from './notices.ts'
import { type Schedule, scheduleOf } from './schedule.ts'
import { type AttemptRow, type Delivery, type Endpoint, IN_ORDER, ROOM } from './state.ts'
import { isAccepted, verdictOn } from './verdict.ts'

export interface DeliveryOptions extends Call {
  store: Store<Delivery, AttemptRow, PaymentEvent>
  /** For endpoints without a list of their own. */
  schedule: Schedule
  /** All open unless set. */
  gates?: Gates | undefined
}

/** How long after the earlier event's own time it looks by itself, should nobody ring. */
const IN_ORDER_GRACE_MS = 5_000

/** The longest call that an endpoint may ask for is 30 s. */
const DEADLINE_MS = 40_000

export function defineDelivery(options: DeliveryOptions): ActorDefinition {
  return defineActor<Delivery, AttemptRow, PaymentEvent>({
    kind: 'delivery',
    store: options.store,
    slots: 512,
    deadlineMs: DEADLINE_MS,
    handlers: {
      attempt: (delivery, _message, turn) => attempt(delivery, options, turn),
      retry: (delivery, _message, turn) => startOver(delivery, turn),
      replay: (delivery, { body }: { body: ReplayCommand }, turn) => {
        delivery.replayId = body.replay_id
        if (body.whatever || delivery.status === 'failed') startOver(delivery, turn)
      },
    },
  })
}

/** A replay's command: it starts over what has failed, or whatever became of it. */
export interface ReplayCommand {
  replay_id: string
  whatever: boolean
}

function startOver(delivery: Delivery, turn: DeliveryTurn): void {
  delivery.status = 'pending'
  delivery.attempts = 0
  plan('attempt', 0, turn)
}

/** The one timer of a delivery, whatever it waits for. */
function plan(name: string, delayMs: number, turn: DeliveryTurn): void {
  for (const other of ['attempt', IN_ORDER, ROOM]) turn.cancel(other)
  turn.schedule(name, delayMs)
}

async function attempt(delivery: Delivery, options: DeliveryOptions, turn: DeliveryTurn): Promise<void> {
  if (delivery.status !== 'pending') return
  const { endpoint, earlierDueMs } = delivery
  if (!endpoint?.enabled) {
    delivery.status = 'failed'
    const reason = endpoint ? 'endpoint disabled' : 'endpoint deleted'
    return turn.note({ kind: 'webhook', name: 'skipped', detail: { reason } })
  }
  if (earlierDueMs !== null) {
    turn.note({ kind: 'webhook', name: 'waits', detail: { reason: 'an earlier event of the payment is on its way' } })
    return plan(IN_ORDER, Math.max(0, earlierDueMs - turn.now()) + IN_ORDER_GRACE_MS, turn)
  }
  const { gates = OPEN_GATES } = options
  const schedule = scheduleOf(endpoint, options.schedule)
  const entry = await gates.enter(delivery.endpointId, limitsOf(endpoint, schedule), turn.address)
  if (!entry.admitted) {
    const reason = entry.shut
      ? 'the endpoint fails: one call at a time'
      : 'as many calls as the endpoint takes are under way'
    turn.note({ kind: 'webhook', name: 'waits', detail: { reason, ms: entry.waitMs } })
    return plan(ROOM, entry.waitMs, turn)
  }
  const answer = await admittedCall(entry, () => callEndpoint(delivery, endpoint, options, turn))
  settle(delivery, endpoint, answer, schedule, turn)
}

async function admittedCall(entry: Admitted, call: () => Promise<Answer | Failure>): Promise<Answer | Failure> {
  let answer: Answer | Failure | null = null
  try {
    answer = await call()
    return answer
  } finally {
    if (answer === null) entry.leave('unknown', 0)
    else entry.leave(isAccepted(answer) ? 'well' : 'failed', answer.durationMs)
  }
}

/** Before a shut gate somebody tries once a minute at least, ms; oftener where the schedule itself is quicker. */
const LONGEST_PAUSE_MS = 60_000

/**
 * Twenty calls at once that use up their time, and as many as there are slots where answers come soon. Shut after twenty failures in a row and never
 * earlier, because below that the retry schedule is exact; then one call at a time, after a second at first.
 */
function limitsOf({ rateLimit, timeoutMs, revision }: Endpoint, { intervals }: Schedule): GateLimits {
  const [firstRetryS = Number.POSITIVE_INFINITY] = intervals
  return {
    atOnce: 20,
    slowMs: Math.min(5_000, timeoutMs),
    most: 10_000,
    perSecond: rateLimit,
    holdMs: timeoutMs + 1_000,
    failures: 20,
    coolMs: 1_000,
    longestCoolMs: Math.min(LONGEST_PAUSE_MS, firstRetryS * 1000),
    generation: revision,
  }
}

function settle(
  delivery: Delivery,
  endpoint: Endpoint,
  answer: Answer | Failure,
  schedule: Schedule,
  turn: DeliveryTurn,
): void {
  const nowMs = turn.now()
  const verdict = verdictOn(answer, { attempts: delivery.attempts, schedule, nowMs, random: Math.random })
  switch (verdict.kind) {
    case 'accepted':
      delivery.status = 'success'
      delivery.finding = afterSuccess(endpoint.failing)
      return
    case 'gone':
      delivery.status = 'failed'
      delivery.finding = 'gone'
      return turn.emit(disabledNotice(delivery, endpoint, 'gone', nowMs))
    case 'exhausted': {
      delivery.status = 'failed'
      const notice = exhaustedNotice(delivery, nowMs)
      if (notice) turn.emit(notice)
      break
    }
    case 'retry':
      plan('attempt', verdict.delayMs, turn)
  }
  delivery.finding = afterFailure(endpoint.failing, nowMs)
  if (delivery.finding === 'failed for days') turn.emit(disabledNotice(delivery, endpoint, 'failing', nowMs))
}
