/** The faults one can cause, each with what to expect. */
import { createSignal, For, type JSX, Show } from 'solid-js'
import { count } from '../../format/number.ts'
import { span } from '../../format/time.ts'
import { Icon, type IconName } from '../../kit/icon.tsx'
import type { SeenWorker } from '../overview/workers.tsx'
import { BANK_MS, flush, kill, PAUSE_MS, pause, stop } from './causes.ts'
import { createLoad, MAX_LOAD } from './load.ts'

export function Faults(props: { workers: readonly SeenWorker[]; now: number }) {
  const [bankBackAt, setBankBackAt] = createSignal(0)
  const bankAway = () => bankBackAt() > props.now
  const load = createLoad()
  const alive = () => props.workers.filter(({ status }) => status === 'running')
  return (
    <section class="cell" aria-labelledby="faults">
      <div class="cell-head">
        <h2 id="faults">Faults</h2>
        <span class="note">demo mode only; every one is written down</span>
      </div>
      <ul class="rows faults">
        <Fault
          icon="kill"
          title="Kill a worker"
          words="SIGKILL. What it had in hand goes to the others, and another worker takes its place."
        >
          <For each={alive()} fallback={<span class="note">none is running</span>}>
            {({ worker }) => (
              <button class="btn danger" type="button" aria-label={`Kill ${worker}`} onClick={() => void kill(worker)}>
                {worker}
              </button>
            )}
          </For>
        </Fault>
        <Fault
          icon="pause"
          title="Pause a worker past its lease"
          words={`It stands still for ${span(PAUSE_MS)}. It wakes up as a zombie; Postgres refuses what it commits.`}
        >
          <For each={alive()} fallback={<span class="note">none is running</span>}>
            {({ worker }) => (
              <button
                class="btn danger"
                type="button"
                aria-label={`Pause ${worker}`}
                onClick={() => void pause(worker)}
              >
                {worker}
              </button>
            )}
          </For>
        </Fault>
        <Fault
          icon="flush"
          title="Flush Redis"
          words="Every mailbox, timer and lease is forgotten. The sweeper finds them in Postgres."
        >
          <button class="btn danger" type="button" onClick={() => void flush()}>
            FLUSH
          </button>
        </Fault>
        <Fault
          icon="bank"
          title="Stop the bank"
          words={`No call is answered for ${span(BANK_MS)}. Payments wait and are asked about, not repeated blindly.`}
        >
          <button
            class="switch"
            type="button"
            role="switch"
            aria-checked={!bankAway()}
            disabled={bankAway()}
            onClick={() => {
              setBankBackAt(Date.now() + BANK_MS)
              void stop()
            }}
          >
            <span class="switch-track" />
            <span class="num">{bankAway() ? `back in ${span(bankBackAt() - props.now)}` : 'bank answers'}</span>
          </button>
        </Fault>
        <li>
          <div class="fault">
            <Icon name="send" />
            <div>
              <h3>
                <label for="load">Load</label>
              </h3>
              <p class="note num">
                <output for="load">{load.perSecond()} payments/s</output> from this page, outcomes as the instruments
                say
                <Show when={load.accepted() + load.refused() > 0}>
                  ; {count(load.accepted())} accepted, {count(load.refused())} refused
                </Show>
              </p>
            </div>
          </div>
          <div class="acts">
            <input
              class="range"
              type="range"
              id="load"
              min="0"
              max={MAX_LOAD}
              value={load.perSecond()}
              onInput={(event) => load.set(Number(event.currentTarget.value))}
            />
          </div>
        </li>
      </ul>
    </section>
  )
}

function Fault(props: { icon: IconName; title: string; words: string; children: JSX.Element }) {
  return (
    <li>
      <div class="fault">
        <Icon name={props.icon} />
        <div>
          <h3>{props.title}</h3>
          <p class="note">{props.words}</p>
        </div>
      </div>
      <div class="acts">{props.children}</div>
    </li>
  )
}
