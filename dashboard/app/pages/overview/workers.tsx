/** Workers by their leases: green while a lease lives, red when it ended, and remembered for a while after it is gone. */
import { A } from '@solidjs/router'
import { createEffect, createSignal, For, Show } from 'solid-js'
import { boot } from '../../data/boot.ts'
import type { Worker } from '../../data/runtime.ts'
import { count } from '../../format/number.ts'
import { clock, span } from '../../format/time.ts'
import { Badge } from '../../kit/badge.tsx'
import { Icon } from '../../kit/icon.tsx'
import { TableRegion } from '../../kit/table.tsx'

/** A lease as the workers take it, ms. */
const LEASE_MS = 5_000
/** How long a worker that is gone is still told of, ms. */
const REMEMBERED_MS = 60_000

export interface SeenWorker extends Worker {
  /** When its lease was first seen ended, ms; null while it lives. */
  goneAt: number | null
}

/** What the page has seen: a worker that leaves the list was here a moment ago, and that is worth a line. */
export function createSeen(workers: () => readonly Worker[] | undefined): () => SeenWorker[] {
  const [seen, setSeen] = createSignal<SeenWorker[]>([])
  createEffect(() => {
    const now = Date.now()
    const current = workers()
    if (!current) return
    setSeen((before) => {
      const gone = before
        .filter(({ worker }) => !current.some((one) => one.worker === worker))
        .map((one) => ({ ...one, status: 'stopped' as const, lease_left_ms: 0, claims: 0, goneAt: one.goneAt ?? now }))
        .filter(({ goneAt }) => now - goneAt < REMEMBERED_MS)
      const here = current.map((one) => {
        const known = before.find(({ worker }) => worker === one.worker)
        return { ...one, goneAt: one.status === 'running' ? null : (known?.goneAt ?? now) }
      })
      return [...here, ...gone].sort((a, b) => a.worker.localeCompare(b.worker))
    })
  })
  return seen
}

/** `here`: one is in the chaos corner already. */
export function Workers(props: { workers: readonly SeenWorker[]; here?: boolean }) {
  return (
    <section class="cell">
      <div class="cell-head">
        <h2>Workers</h2>
        <Show when={boot.demo && !props.here}>
          <A class="btn plain" href="/dashboard/chaos">
            <Icon name="chaos" />
            Chaos corner
          </A>
        </Show>
      </div>
      <Show
        when={props.workers.length > 0}
        fallback={
          <p class="soft">
            No lease has been seen. Start a worker: <code>npm start</code>, or <code>node ops/main.ts worker</code>.
          </p>
        }
      >
        <TableRegion label="Workers">
          <table class="tbl fit">
            <thead>
              <tr>
                <th scope="col">Worker</th>
                <th scope="col">State</th>
                <th scope="col">Lease left</th>
                <th scope="col" class="end">
                  In turn
                </th>
                <th scope="col" class="end">
                  Last turn
                </th>
              </tr>
            </thead>
            <tbody>
              <For each={props.workers}>
                {(worker) => (
                  <tr data-test-id="worker-row" data-worker={worker.worker}>
                    <th scope="row" class="mono">
                      {worker.worker}
                    </th>
                    <td>
                      <Badge state={worker.status} testId="worker-status" />
                    </td>
                    <td>
                      <span class="lease num">
                        <meter
                          min="0"
                          max={LEASE_MS}
                          value={Math.max(0, worker.lease_left_ms)}
                          data-state={worker.status}
                        >
                          {span(worker.lease_left_ms)}
                        </meter>
                        {worker.status === 'running'
                          ? span(Math.max(1_000, worker.lease_left_ms))
                          : `ended ${clock(worker.goneAt ?? 0)}`}
                      </span>
                    </td>
                    <td class="end num">{count(worker.claims)}</td>
                    <td class="end num">{count(worker.last_turn)}</td>
                  </tr>
                )}
              </For>
            </tbody>
          </table>
        </TableRegion>
      </Show>
    </section>
  )
}
