/**
 * A list in which nothing moves by itself: rows that are shown are renewed where they stand, and rows that are new wait until they
 * are asked for. A list that is read again because its filters changed starts over.
 */
import { type Accessor, createEffect, createMemo, createSignal, on } from 'solid-js'

export interface Held<Row> {
  rows: Accessor<Row[]>
  /** How many new rows wait. */
  waiting: Accessor<number>
  take: () => void
}

/** `latest` is the list as it was last read, newest first; `page` changes when another list is meant. */
export function createHeld<Row extends { id: string }>(
  latest: Accessor<readonly Row[] | undefined>,
  page: Accessor<unknown>,
): Held<Row> {
  const [taken, setTaken] = createSignal<Row[] | null>(null)
  const take = () => setTaken([...(latest() ?? [])])
  createEffect(on(page, () => setTaken(null)))
  createEffect(() => {
    if (taken() === null && latest()) take()
  })
  const byId = createMemo(() => new Map((latest() ?? []).map((row) => [row.id, row])))
  const rows = createMemo(() => {
    const held = taken()
    // An empty list has nothing that could move.
    if (!held?.length) return [...(latest() ?? [])]
    return held.map((row) => byId().get(row.id) ?? row)
  })
  const waiting = createMemo(() => {
    const held = taken()
    if (!held?.length) return 0
    const shown = new Set(held.map(({ id }) => id))
    return (latest() ?? []).filter(({ id }) => !shown.has(id)).length
  })
  return { rows, waiting, take }
}
