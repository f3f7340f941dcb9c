/** Endpoints, replays to them, and the two helpers: why does a signature not fit, and does a receiver stand what receivers meet. */
import { query } from '@solidjs/router'
import { get, newKey, patch, post, remove } from './api.ts'
import type { Page } from './types.ts'

export interface Endpoint {
  id: string
  url: string
  description: string | null
  events: string[]
  status: 'enabled' | 'disabled'
  disabled_reason: 'merchant' | 'gone' | 'failing' | null
  failing_since: string | null
  retry_intervals: number[] | null
  timeout_ms: number
  ordered: boolean
  rate_limit: number | null
  secret: string
  created_at: string
}

export interface EndpointChoices {
  url: string
  description: string | null
  events: string[]
  ordered: boolean
  rate_limit: number | null
  /** Left out: as it is. */
  retry_intervals?: '75h' | null
}

export interface Replay {
  id: string
  source: 'selected' | 'failed' | 'missing'
  endpoint_id: string | null
  status: 'running' | 'completed' | 'canceled'
  total: number | null
  replayed: number
  pending: number
  delivered: number
  failed: number
  created_at: string
  ended_at: string | null
}

export type NewReplay =
  | { source: 'selected'; webhook_ids: string[] }
  | { source: 'failed'; from: string; to?: string; endpoint_id?: string }
  | { source: 'missing'; from: string; to?: string; endpoint_id: string }

export interface Explanation {
  verified: boolean
  summary: string
  signatures: { header: string; received: string; verified: boolean; mutations: string[]; explanation: string }[]
}

export interface Gauntlet {
  passed: boolean
  trials: {
    name: string
    expected: 'accepted' | 'refused'
    passed: boolean
    response_code: number | null
    error: string | null
    duration_ms: number
    advice: string | null
  }[]
}

const PATH = '/api/v1/webhook_endpoints'
const REPLAYS = '/api/v1/webhook_replays'
/** A merchant has at most twenty. */
const ALL = 100
const RECENT_REPLAYS = 3

export const readEndpoints = query(
  () => get<Page<Endpoint>>(PATH, { limit: ALL }).then(({ data }) => data.toReversed()),
  'endpoints',
)
export const readReplays = query(
  () => get<Page<Replay>>(REPLAYS, { limit: RECENT_REPLAYS }).then(({ data }) => data),
  'replays',
)

/** Saved, with what speaks against the URL as things are. */
type Saved = Endpoint & { warning: string | null }

export function addEndpoint(choices: EndpointChoices): Promise<Saved> {
  return post(PATH, choices, newKey())
}

export function changeEndpoint(
  id: string,
  choices: Partial<EndpointChoices> & { status?: Endpoint['status'] },
): Promise<Saved> {
  return patch(`${PATH}/${id}`, choices)
}

export function removeEndpoint(id: string): Promise<void> {
  return remove(`${PATH}/${id}`)
}

export function runGauntlet(id: string): Promise<Gauntlet> {
  return post(`${PATH}/${id}/gauntlet`)
}

export function startReplay(replay: NewReplay): Promise<Replay> {
  return post(REPLAYS, replay, newKey())
}

export function cancelReplay(id: string): Promise<unknown> {
  return post(`${REPLAYS}/${id}/cancel`)
}

/** `payload` and `secret` are what the receiver's code has; `headers` what came with it. */
export function explain(payload: string, headers: Record<string, string>, secret: string): Promise<Explanation> {
  return post('/api/v1/webhooks/explain', { payload, headers, secret })
}
