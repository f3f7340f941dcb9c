/** What is open and what has failed, for the rail and the palette: numbers that lead somewhere. */
import { createAsync, query, revalidate } from '@solidjs/router'
import { type Accessor, createRoot, onCleanup } from 'solid-js'
import { get } from '../data/api.ts'
import { boot } from '../data/boot.ts'
import { onChange } from '../data/live.ts'
import type { Page } from '../data/types.ts'

export interface OpenCounts {
  /** Payments that wait for the bank. */
  open: number
  /** Deliveries that were given up. */
  failed: number
}

const RENEW_MS = 30_000

const readCounts = query(async (): Promise<OpenCounts | null> => {
  if (!boot.account?.merchant) return null
  const one = { limit: 1 }
  // The rail must not take the page down with it: without an answer there is no number.
  const total = (path: string, params: object) =>
    get<Page<unknown>>(path, { ...one, ...params }).then(
      (page) => page.total,
      () => 0,
    )
  const [open, failed] = await Promise.all([
    total('/api/v1/payments', { status: 'pending' }),
    total('/api/v1/webhooks', { status: 'failed' }),
  ])
  return { open, failed }
}, 'open counts')

let shared: Accessor<OpenCounts | null | undefined> | undefined

/** The counts, read once for the whole app and renewed as things happen. */
export function openCounts(): Accessor<OpenCounts | null | undefined> {
  shared ??= createRoot(() => {
    const renew = () => revalidate(readCounts.key)
    onChange(renew, 1_500)
    const timer = setInterval(renew, RENEW_MS)
    onCleanup(() => clearInterval(timer))
    const counts = createAsync(readCounts)
    return () => counts.latest
  })
  return shared
}
