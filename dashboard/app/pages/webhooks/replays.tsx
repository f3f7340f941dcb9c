/** Sending again what did not arrive: all that failed, or what an endpoint never got, as a job of its own that one can watch. */
import { revalidate } from '@solidjs/router'
import { createSignal, createUniqueId, For, Show } from 'solid-js'
import { cancelReplay, type Endpoint, type Replay, readReplays, startReplay } from '../../data/endpoints.ts'
import { count } from '../../format/number.ts'
import { Badge } from '../../kit/badge.tsx'
import { wordsOf } from '../../kit/notice.tsx'
import { Dialog } from '../../kit/overlay.tsx'
import { toast } from '../../kit/toast.tsx'

const SOURCES: Record<Replay['source'], string> = {
  failed: 'Everything that failed',
  missing: 'What the endpoint never got',
  selected: 'The selected ones',
}
/** A replay that ended is shown for a while, so that its end is seen. */
const SHOWN_MS = 60_000

export function Replays(props: { replays: readonly Replay[]; now: number }) {
  const shown = () =>
    props.replays.filter(
      ({ status, ended_at: at }) => status === 'running' || (at !== null && props.now - Date.parse(at) < SHOWN_MS),
    )
  return (
    <Show when={shown().length > 0}>
      <section class="cells" aria-label="Replays">
        <div class="cell">
          <For each={shown()}>{(replay) => <ReplayRow replay={replay} />}</For>
        </div>
      </section>
    </Show>
  )
}

function ReplayRow(props: { replay: Replay }) {
  const total = () => props.replay.total ?? props.replay.replayed
  const ended = () => props.replay.delivered + props.replay.failed
  const state = () => {
    if (props.replay.status === 'canceled') return 'canceled'
    if (props.replay.status === 'running' || props.replay.pending > 0) return 'processing'
    return props.replay.failed > 0 ? 'failed' : 'success'
  }
  const stop = async () => {
    try {
      await cancelReplay(props.replay.id)
    } catch (error) {
      toast({ state: 'failed', title: 'Not stopped.', text: wordsOf(error) })
    }
    await revalidate(readReplays.key)
  }
  return (
    <div class="replay num" role="status">
      <Badge state={state()}>
        {SOURCES[props.replay.source]}: {count(ended())} of {count(total())} sent again
      </Badge>
      <meter min="0" max={Math.max(1, total())} value={ended()} data-state={state()}>
        {count(ended())} of {count(total())}
      </meter>
      <span class="soft">
        {count(props.replay.delivered)} arrived
        <Show when={props.replay.failed > 0}>, {count(props.replay.failed)} failed again</Show>
      </span>
      <Show when={props.replay.status === 'running'}>
        <button class="btn" type="button" onClick={() => void stop()}>
          Stop
        </button>
      </Show>
    </div>
  )
}

/** The button above a log of failures: all of them, however many pages that are. */
export async function replayAllFailed(): Promise<void> {
  try {
    await startReplay({ source: 'failed', from: new Date(0).toISOString() })
    toast({
      state: 'success',
      title: 'Everything that failed is sent again.',
      text: 'At a pace that the receivers can take.',
    })
  } catch (error) {
    toast({ state: 'failed', title: 'Not sent again.', text: wordsOf(error) })
  }
  await revalidate(readReplays.key)
}

const DAY_MS = 86_400_000
const MINUTE_MS = 60_000

/** A time range, and what of it: for a receiver that was away over a weekend. */
export function ReplayDialog(props: { endpoints: readonly Endpoint[]; onClose: () => void }) {
  const id = createUniqueId()
  const [source, setSource] = createSignal<'failed' | 'missing'>('failed')
  const [endpoint, setEndpoint] = createSignal('')
  const [from, setFrom] = createSignal(localMinute(Date.now() - DAY_MS))
  // The minute that has begun belongs to it: what failed just now is what one sees and wants to send again.
  const [to, setTo] = createSignal(localMinute(Date.now() + MINUTE_MS))
  const [busy, setBusy] = createSignal(false)
  const start = async () => {
    setBusy(true)
    const period = { from: new Date(from()).toISOString(), to: new Date(to()).toISOString() }
    const endpointId = endpoint() || props.endpoints[0]?.id || ''
    try {
      if (source() === 'missing') await startReplay({ source: 'missing', ...period, endpoint_id: endpointId })
      else await startReplay({ source: 'failed', ...period, ...(endpoint() ? { endpoint_id: endpoint() } : {}) })
      toast({ state: 'success', title: 'The replay has begun.' })
      props.onClose()
    } catch (error) {
      toast({ state: 'failed', title: 'Not begun.', text: wordsOf(error) })
    } finally {
      setBusy(false)
      void revalidate(readReplays.key)
    }
  }
  return (
    <Dialog
      open
      title="Send again what did not arrive"
      busy={busy()}
      onClose={props.onClose}
      onSubmit={() => void start()}
      foot={
        <>
          <button class="btn" type="button" onClick={() => props.onClose()}>
            Not now
          </button>
          <button class="btn primary" type="submit" disabled={busy()} aria-busy={busy()}>
            Send again
          </button>
        </>
      }
    >
      <div class="field">
        <label for={`${id}-what`}>What</label>
        <select
          class="input"
          id={`${id}-what`}
          value={source()}
          onChange={(event) => setSource(event.currentTarget.value as 'failed')}
        >
          <option value="failed">Deliveries that failed</option>
          <option value="missing">Events that the endpoint never got</option>
        </select>
      </div>
      <div class="field">
        <label for={`${id}-endpoint`}>Where to</label>
        <select
          class="input"
          id={`${id}-endpoint`}
          value={endpoint()}
          onChange={(event) => setEndpoint(event.currentTarget.value)}
        >
          <Show when={source() === 'failed'}>
            <option value="">Every endpoint</option>
          </Show>
          <For each={props.endpoints}>{({ id: value, url }) => <option value={value}>{url}</option>}</For>
        </select>
      </div>
      <div class="range-fields">
        <div class="field">
          <label for={`${id}-from`}>From</label>
          <input
            class="input"
            id={`${id}-from`}
            type="datetime-local"
            required
            value={from()}
            onInput={(event) => setFrom(event.currentTarget.value)}
          />
        </div>
        <div class="field">
          <label for={`${id}-to`}>To</label>
          <input
            class="input"
            id={`${id}-to`}
            type="datetime-local"
            required
            value={to()}
            onInput={(event) => setTo(event.currentTarget.value)}
          />
        </div>
      </div>
    </Dialog>
  )
}

/** As datetime-local has it: the reader's own clock, to the minute. */
function localMinute(ms: number): string {
  return new Date(ms - new Date(ms).getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}
