/** The demo's faults, and the promises that are counted meanwhile. */
import { query } from '@solidjs/router'
import { get, post } from './api.ts'

export interface Invariant {
  name: string
  holds: boolean
  broken: number
  of: number
}

export interface Checked {
  checked_at: string
  invariants: Invariant[]
}

const PATH = '/api/v1/chaos'

export const readInvariants = query(() => get<Checked>(`${PATH}/invariants`), 'invariants')

export function killWorker(worker: string): Promise<unknown> {
  return post(`${PATH}/kill-worker`, { worker })
}

export function pauseWorker(worker: string, ms: number): Promise<unknown> {
  return post(`${PATH}/pause-worker`, { worker, ms })
}

export function stopBank(ms: number): Promise<unknown> {
  return post(`${PATH}/stop-bank`, { ms })
}

export function flushRedis(): Promise<unknown> {
  return post(`${PATH}/flush-redis`)
}
