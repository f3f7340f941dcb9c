/** The runtime as the operator sees it: workers by lease, who waits where, and one actor whole. */
import { query } from '@solidjs/router'
import { get, type Params, post } from './api.ts'

export interface Worker {
  /** host-process */
  worker: string
  status: 'running' | 'stopped'
  /** Below 0: the lease has ended. */
  lease_left_ms: number
  last_turn: number
  claims: number
  partitions: number
}

export interface Partition {
  partition: number
  ready: Record<string, number>
  running: number
  scheduled: number
  resting: number
  parked: number
}

export interface Runtime {
  ready: number
  running: number
  scheduled: number
  resting: number
  parked: number
  oldest_ready: { address: string; waiting_ms: number } | null
  /** A second; null at the first look. */
  rates: { messages: number; turns: number } | null
  /** Since this Redis was last emptied. */
  counters: Record<'messages' | 'turns' | 'reaped' | 'stale' | 'healed', number>
  truth_gap: { overdue: number; unknown: number; more: boolean; oldest_ms: number }
  partitions: Partition[]
  workers: Worker[]
  tenants: { tenant: string; kind: string; ahead: number }[]
  parked_actors: { address: string; tried_again_in_ms: number }[]
}

/** A turn as the journal has it. */
export interface Turn {
  version: number
  worker: string
  started: number
  took: number
  save?: true
  messages: { kind: 'command' | 'timer'; name: string; seq?: number; took: number }[]
  changed?: Record<string, unknown>
  notes?: { kind: string; name: string; at: number; took?: number; detail?: Record<string, unknown> }[]
  scheduled?: Record<string, number>
  error?: string
}

export interface Actor {
  address: string
  /** Why it is not moving. */
  sentence: string
  postgres: {
    status: string
    version: number
    last_seq: number
    given_seq: number
    overdue_ms: number | null
    timers: { name: string; in_ms: number }[]
    commands: { seq: number; name: string; waiting_ms: number }[]
    journal: Turn[]
  }
  /** null: Redis does not answer. */
  redis: {
    state: 'ready' | 'running' | 'resting' | 'parked' | 'idle'
    partition: number
    depth: number
    mailbox: string[]
    position: { place: number; of: number } | null
    owner: { lease: string; turn: number; left_ms: number } | null
    rests_for_ms: number | null
    failures: number
    tried_again_in_ms: number | null
    alarm_in_ms: number | null
  } | null
}

export interface Job {
  id: string
  at: string
  actor_id: string
  version: number
  worker: string
  took_ms: number
  intent: boolean
  messages: { kind: 'command' | 'timer'; name: string }[]
  changed: Record<string, unknown> | null
  notes: { kind: string; name: string; took_ms: number | null; detail: Record<string, unknown> }[]
  timers: string[]
  error: string | null
}

export const readRuntime = query(() => get<Runtime>('/api/v1/actors'), 'runtime')
export const readActor = query((id: string) => get<Actor>(`/api/v1/actors/${encodeURIComponent(id)}`), 'actor')
export const readJobLog = query(
  (params: Params) => get<{ data: Job[] }>('/api/v1/jobs', params).then(({ data }) => data),
  'job log',
)

export function nudge(id: string): Promise<{ nudged: boolean; reason: string }> {
  return post(`/api/v1/actors/${encodeURIComponent(id)}/nudge`)
}

export function unpark(id: string, action: 'retry' | 'drop', reason: string): Promise<unknown> {
  return post(`/api/v1/actors/${encodeURIComponent(id)}/unpark`, { action, reason })
}

/** The id at the end of an address: tenant/kind/id. */
export function idOf(address: string): string {
  return address.split('/').at(-1) ?? address
}

/** Where an actor is, in the words of the screen. */
export type Place = 'idle' | 'ready' | 'in turn' | 'backing off' | 'parked' | 'overdue'

const PLACES: Record<NonNullable<Actor['redis']>['state'], Place> = {
  idle: 'idle',
  ready: 'ready',
  running: 'in turn',
  resting: 'backing off',
  parked: 'parked',
}

/** Longer than that nobody is owed a turn unknown to Redis, unless it was lost there: the sweep's grace, ms. */
const GRACE_MS = 2_000

export function placeOf({ redis, postgres }: Actor): Place {
  if (redis === null) return 'overdue'
  if (redis.state === 'idle' && (postgres.overdue_ms ?? 0) > GRACE_MS) return 'overdue'
  return PLACES[redis.state]
}
