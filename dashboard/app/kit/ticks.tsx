/** Attempts, a tick each: full worked, cut failed, half is being made, hollow is to come. The number stands beside them. */
import { For } from 'solid-js'

export type Tick = 'ok' | 'ko' | 'now' | 'next'

/** Filled outline and drawn outline of each; either may be missing. */
const SHAPES: Record<Tick, { full?: string; hollow?: string }> = {
  ok: { full: 'M0 0h8v12H0z' },
  ko: { full: 'M0 0h8v5L0 8.5zM8 8v4H0v-.5z' },
  now: { full: 'M0 6h8v6H0z', hollow: 'M.5.5h7v11h-7z' },
  next: { hollow: 'M.5.5h7v11h-7z' },
}

export function Ticks(props: { ticks: Tick[]; label: string }) {
  return (
    <span class="ticks" role="img" aria-label={props.label}>
      <For each={props.ticks}>
        {(tick) => (
          <svg viewBox="0 0 8 12" class={`tick ${tick}`} aria-hidden="true">
            <path class="f" d={SHAPES[tick].full ?? ''} />
            <path d={SHAPES[tick].hollow ?? ''} />
          </svg>
        )}
      </For>
    </span>
  )
}

/** More than that many are told by the number alone. */
const MAX = 8

/** How a delivery has gone so far; `of` is how many attempts its schedule has. */
export function attemptTicks(status: 'pending' | 'success' | 'failed', attempts: number, of: number): Tick[] {
  const made = Math.min(attempts, MAX)
  const worked = status === 'success' && made > 0 ? 1 : 0
  const toCome = status === 'pending' ? Math.max(0, Math.min(of, MAX) - made) : 0
  return [
    ...Array<Tick>(made - worked).fill('ko'),
    ...Array<Tick>(worked).fill('ok'),
    ...Array<Tick>(toCome).fill('next'),
  ]
}
