/**
 * Reading for pages that stay open. The first failure is the page's to show; a later one keeps what is there, because a number
 * from a minute ago with its age beside it is worth more than an error. Renewed data flows into the old rows, so that what has
 * not changed does not even flicker.
 */
import { createAsyncStore, revalidate } from '@solidjs/router'
import { type Accessor, createSignal, onCleanup } from 'solid-js'
import { ApiError } from './api.ts'
import { line } from './live.ts'

export interface Reading<T> {
  /** undefined until the first answer; throws what the first read threw. */
  data: Accessor<T | undefined>
  /** Why the data is not fresh, or null. */
  trouble: Accessor<ApiError | null>
}

/** Reads with a function made by `query`. Reads again when what it depends on changes, or its key is revalidated. */
export function createReading<T>(read: () => Promise<T>, rowKey = 'id'): Reading<T> {
  const [trouble, setTrouble] = createSignal<ApiError | null>(null)
  const data = createAsyncStore<T>(
    async (before) => {
      try {
        const answer = await read()
        setTrouble(null)
        return answer
      } catch (error) {
        if (before === undefined || !(error instanceof ApiError && error.passing)) throw error
        setTrouble(error)
        return before
      }
    },
    { reconcile: { key: rowKey } },
  )
  return { data, trouble }
}

/** Revalidates `key` every `everyMs` while the page is seen and not paused: for what no event tells of. */
export function renewEvery(everyMs: number, key: string): void {
  const timer = setInterval(() => {
    if (document.visibilityState === 'visible' && line() !== 'paused') revalidate(key)
  }, everyMs)
  onCleanup(() => clearInterval(timer))
}
