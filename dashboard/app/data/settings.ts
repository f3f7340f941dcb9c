/** A merchant's own settings: its keys, its profile, whose pages may show its checkout, and who changed what. */
import { query } from '@solidjs/router'
import { get, newKey, patch, post, put, remove } from './api.ts'
import type { Page } from './types.ts'

export interface ApiKey {
  api_key: string
  kind: 'secret' | 'publishable'
  name: string | null
  status: 'active' | 'ending' | 'ended'
  created_at: string
  last_used_at: string | null
  expires_at: string | null
}

export interface CreatedKey extends ApiKey {
  /** Shown this once; a publishable key has none. */
  api_secret?: string
}

export interface Profile {
  id: string
  name: string
  email: string
  test: boolean
  idempotency_mismatch: 'conflict' | 'replay'
  allowed_origins: string[]
  /** Of each key; null: any number. */
  requests_per_second: number | null
}

export interface AuditLine {
  id: string
  created_at: string
  actor: string
  action: string
  object_id: string | null
  changes: Record<string, unknown>
  status: number | null
  address: string
}

const KEYS = '/api/v1/api_keys'
const ALL_KEYS = 100
const LINES = 20

export const readKeys = query(() => get<Page<ApiKey>>(KEYS, { limit: ALL_KEYS }).then(({ data }) => data), 'api keys')
export const readProfile = query(() => get<Profile>('/api/v1/merchants/profile'), 'profile')
export const readAudit = query(
  () => get<Page<AuditLine>>('/api/v1/audit_log', { limit: LINES }).then(({ data }) => data),
  'audit',
)

export function createKey(kind: ApiKey['kind'], name: string | null): Promise<CreatedKey> {
  return post(KEYS, { kind, name }, newKey())
}

/** The old one goes on for a day. */
export function rollKey(key: string): Promise<CreatedKey> {
  return post(`${KEYS}/${key}/roll`, {}, newKey())
}

export function revokeKey(key: string): Promise<void> {
  return remove(`${KEYS}/${key}`)
}

export function saveProfile(
  changes: Partial<Pick<Profile, 'name' | 'email' | 'idempotency_mismatch'>>,
): Promise<Profile> {
  return patch('/api/v1/merchants/profile', changes)
}

export function saveOrigins(allowed_origins: string[]): Promise<unknown> {
  return put('/api/v1/merchants/allowed_origins', { allowed_origins })
}

export function savePassword(password: string, current: string): Promise<unknown> {
  return put('/api/v1/merchants/password', { password, current_password: current || null })
}
