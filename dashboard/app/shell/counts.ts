/** What is open and what has failed, for the rail and the palette: numbers that lead somewhere. */
import { createSignal, onCleanup, onMount } from 'solid-js'
import { get } from '../data/api.ts'
import { onChange } from '../data/live.ts'
import type { Page } from '../data/types.ts'

export interface OpenCounts {
  /** Payments that wait for the bank. */
  open: number
  /** Deliveries that were given up. */
  failed: number
}

const RENEW_MS = 30_000
const AFTER_CHANGE_MS = 1_500

const [openCounts, setOpenCounts] = createSignal<OpenCounts>({ open: 0, failed: 0 })

export { openCounts }

async function renew(): Promise<void> {
  const total = (path: string, status: string) =>
    get<Page<unknown>>(path, { status, limit: 1 }).then((page) => page.total)
  try {
    const [open, failed] = await Promise.all([
      total('/api/v1/payments', 'pending'),
      total('/api/v1/webhooks', 'failed'),
    ])
    setOpenCounts({ open, failed })
  } catch {
    // The page that one looks at says what is wrong; the rail keeps its numbers meanwhile.
  }
}

/** Renews the counts as things happen, while the component lives. */
export function keepCounts(): void {
  onMount(renew)
  onChange(() => void renew(), AFTER_CHANGE_MS)
  const timer = setInterval(renew, RENEW_MS)
  onCleanup(() => clearInterval(timer))
}
