/** Signing in and out, at the dashboard's own server: it keeps the session in a cookie that no script can read. */
import { ApiError } from '../data/api.ts'

export type Credentials =
  | { email: string; password: string }
  | { api_key: string; api_secret: string }
  | { operator_token: string }
  | { demo: true }

/** Throws an ApiError with the words for the form. */
export async function signIn(credentials: Credentials): Promise<void> {
  const response = await fetch('/session', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(credentials),
  }).catch(() => {
    throw new ApiError(0, 'NO_ANSWER', 'The dashboard’s server does not answer. Is it running?', null, null)
  })
  if (response.ok) return
  const answer = (await response.json().catch(() => null)) as { error?: { code?: string; description?: string } } | null
  const words = answer?.error?.description ?? `Signing in failed with ${response.status}.`
  throw new ApiError(response.status, answer?.error?.code ?? 'SERVER_ERROR', words, null, null)
}

/** Leaves for the door, signed out. */
export async function signOut(): Promise<void> {
  await fetch('/session', { method: 'DELETE' })
  location.assign('/login')
}
