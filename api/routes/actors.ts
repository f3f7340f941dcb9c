/**
 * Inspection, for the operator: the runtime as a whole, one actor by any id with the sentence that says why it is not moving, and
 * the three things one may do about it.
 */
import { Type } from 'typebox'
import { gatewayStorage, Inspection } from '../../actors/index.ts'
import { GatewayError } from '../../schema/errors.ts'
import type { App } from '../app.ts'
import { audited } from '../audit.ts'
import { failures } from '../components.ts'
import { oneOf } from '../schemas.ts'
import type { Services } from '../services.ts'

const ActorParams = Type.Object({
  id: Type.String({
    minLength: 1,
    maxLength: 200,
    description:
      'An address (`1s/payment/pay_...`, its slashes as %2F), or the id of a payment, refund, event, delivery or replay',
  }),
})

const UnparkBody = Type.Object({
  action: oneOf('retry', 'drop'),
  reason: Type.String({
    minLength: 1,
    maxLength: 500,
    description: 'Goes into the audit log, and for a drop into the journal',
  }),
})

const Answer = Type.Record(Type.String(), Type.Unknown())
const operatorOnly = { tags: ['operator'], security: [{ operator: [] }] }

export function actorRoutes(app: App, { database, runtime }: Services): void {
  const inspection = new Inspection({ database, storage: gatewayStorage(database), runtime })

  async function find(id: string) {
    const found = await inspection.actor(id)
    if (!found) throw new GatewayError('NOT_FOUND_ERROR', 'Actor not found')
    return found
  }

  app.get(
    '/api/v1/actors',
    { schema: { ...operatorOnly, summary: 'The runtime as a whole', response: { 200: Answer, ...failures } } },
    async () => {
      const { partitions, leases, lanes, counters, parked, oldestReady, rates, truthGap } = await reachable(
        inspection.overview(),
      )
      const sum = (pick: (of: (typeof partitions)[number]) => number) =>
        partitions.reduce((total, one) => total + pick(one), 0)
      return {
        ready: sum(({ ready }) => Object.values(ready).reduce((a, b) => a + b, 0)),
        running: sum(({ running }) => running),
        scheduled: sum(({ scheduled }) => scheduled),
        resting: sum(({ resting }) => resting),
        parked: sum((partition) => partition.parked),
        oldest_ready: oldestReady && { address: oldestReady.address, waiting_ms: oldestReady.waitingMs },
        rates,
        counters,
        truth_gap: { ...truthGap, oldestMs: undefined, oldest_ms: truthGap.oldestMs },
        partitions,
        workers: workersOf(leases),
        tenants: lanes,
        parked_actors: parked.map(({ address, triedAgainInMs }) => ({ address, tried_again_in_ms: triedAgainInMs })),
      }
    },
  )

  app.get(
    '/api/v1/workers',
    { schema: { ...operatorOnly, summary: 'Workers by their leases', response: { 200: Answer, ...failures } } },
    async () => ({ data: workersOf((await reachable(runtime.inspector.overview())).leases) }),
  )

  app.get(
    '/api/v1/actors/:id',
    {
      schema: {
        ...operatorOnly,
        summary: 'One actor: why it is not moving, what it is owed, who has it',
        params: ActorParams,
        response: { 200: Answer, ...failures },
      },
    },
    async (request) => view(await find(request.params.id)),
  )

  app.post(
    '/api/v1/actors/:id/nudge',
    {
      config: audited('actor.nudge'),
      schema: {
        ...operatorOnly,
        summary: 'Make an actor ready that Postgres says is overdue and Redis does not know',
        params: ActorParams,
        response: { 200: Answer, ...failures },
      },
    },
    async (request) => {
      const { address, postgres } = await find(request.params.id)
      if (postgres.overdueMs === null) return { address, nudged: false, reason: 'nothing is due to it' }
      const nudged = await reachable(inspection.nudge(address))
      return {
        address,
        nudged,
        reason: nudged ? 'nobody was responsible for it; now it is ready' : 'somebody is responsible for it',
      }
    },
  )

  app.post(
    '/api/v1/actors/:id/unpark',
    {
      config: audited('actor.unpark', 'action', 'reason'),
      schema: {
        ...operatorOnly,
        summary: 'Try a parked actor again, with its head command or without it',
        params: ActorParams,
        body: UnparkBody,
        response: { 200: Answer, ...failures },
      },
    },
    async (request) => {
      const { action, reason } = request.body
      const found = await find(request.params.id)
      if (found.redis?.state !== 'parked') {
        throw new GatewayError('CONFLICT_ERROR', `This actor is not parked: ${found.sentence}`)
      }
      if (action === 'retry')
        return { address: found.address, unparked: await reachable(inspection.unpark(found.address)) }
      const { head, dropped } = await reachable(inspection.drop(found, reason))
      if (head?.kind === 'timer') {
        throw new GatewayError(
          'CONFLICT_ERROR',
          `The head is the timer ${head.name}, which the actor still owes: it can be retried, not dropped`,
        )
      }
      return {
        address: found.address,
        unparked: true,
        dropped: dropped && head ? { seq: head.seq, name: head.name } : null,
      }
    },
  )
}

function view({ address, sentence, postgres, redis }: Awaited<ReturnType<Inspection['actor']>> & object) {
  return {
    address,
    sentence,
    postgres: {
      status: postgres.status,
      version: postgres.version,
      last_seq: postgres.lastSeq,
      given_seq: postgres.givenSeq,
      overdue_ms: postgres.overdueMs,
      timers: Object.entries(postgres.timers).map(([name, inMs]) => ({ name, in_ms: inMs })),
      commands: postgres.commands.map(({ seq, name, waitingMs }) => ({ seq, name, waiting_ms: waitingMs })),
      journal: postgres.journal,
    },
    redis: redis && {
      state: redis.state,
      partition: redis.partition,
      depth: redis.depth,
      mailbox: redis.mailbox,
      position: redis.position,
      owner: redis.owner && { lease: redis.owner.lease, turn: redis.owner.turn, left_ms: redis.owner.leftMs },
      rests_for_ms: redis.restsForMs,
      failures: redis.failures,
      tried_again_in_ms: redis.triedAgainInMs,
      alarm_in_ms: redis.alarmInMs,
    },
  }
}

/** A worker holds one lease in every partition; it is as alive as the weakest of them. */
function workersOf(leases: { lease: string; leftMs: number; turn: number; claims: number }[]) {
  const workers = Map.groupBy(leases, ({ lease }) => lease.replace(/-[0-9a-f]{12}$/, ''))
  return [...workers].map(([worker, held]) => {
    const leftMs = Math.min(...held.map((lease) => lease.leftMs))
    return {
      worker,
      status: leftMs > 0 ? 'running' : 'stopped',
      lease_left_ms: leftMs,
      last_turn: Math.max(...held.map(({ turn }) => turn)),
      claims: held.reduce((sum, { claims }) => sum + claims, 0),
      partitions: held.length,
    }
  })
}

async function reachable<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked
  } catch (error) {
    if (error instanceof GatewayError || (error as Error).name === 'StoreAway') throw error
    throw new GatewayError('SERVER_ERROR', 'Redis does not answer: try again in a moment', {
      status: 503,
      retryAfterSeconds: 2,
      cause: error,
    })
  }
}
