/** Who has the actor, what it waits for, and what failed. */
import { For, Show } from 'solid-js'
import type { Actor as ActorData } from '../../data/runtime.ts'
import { clock, span } from '../../format/time.ts'

export function Owner(props: { actor: ActorData }) {
  const redis = () => props.actor.redis
  const last = () => props.actor.postgres.journal[0]
  return (
    <section class="cell">
      <div class="cell-head">
        <h2>Owner and lease</h2>
      </div>
      <dl class="facts">
        <div>
          <dt>Owner</dt>
          <dd>{redis()?.owner ? <code>{redis()?.owner?.lease}</code> : 'nobody'}</dd>
        </div>
        <div>
          <dt>Lease</dt>
          <dd class="num">
            <Show
              when={redis()?.owner}
              fallback={
                <>
                  none <span class="faint">held only in turn</span>
                </>
              }
            >
              {(owner) =>
                owner().left_ms > 0 ? `${span(owner().left_ms)} left` : `ended ${span(-owner().left_ms)} ago`
              }
            </Show>
          </dd>
        </div>
        <div>
          <dt>Last turn</dt>
          <dd class="num">
            <Show when={last()} fallback="none yet">
              {(turn) => (
                <>
                  <code>{turn().worker}</code> at {clock(turn().started)}, {span(turn().took)}
                </>
              )}
            </Show>
          </dd>
        </div>
        <div>
          <dt>Partition</dt>
          <dd class="num">{redis()?.partition ?? 'unknown while Redis is away'}</dd>
        </div>
      </dl>
    </section>
  )
}

export function Timers(props: { actor: ActorData }) {
  const inWords = (ms: number) => (ms > 0 ? `in ${span(ms)}` : `due since ${span(-ms)}`)
  return (
    <section class="cell">
      <div class="cell-head">
        <h2>Timers</h2>
      </div>
      <Show when={props.actor.postgres.timers.length === 0}>
        <p class="soft">None is set in Postgres.</p>
      </Show>
      <dl class="facts">
        <For each={props.actor.postgres.timers}>
          {({ name, in_ms: ms }) => (
            <div>
              <dt>{name.split(':', 1)[0]}</dt>
              <dd class="num">
                <b>{inWords(ms)}</b>
              </dd>
            </div>
          )}
        </For>
        <Show when={props.actor.redis?.alarm_in_ms}>
          {(ms) => (
            <div>
              <dt>alarm</dt>
              <dd class="num">
                {inWords(ms())} <span class="faint">Redis</span>
              </dd>
            </div>
          )}
        </Show>
      </dl>
      <p class="note">
        Postgres decides what is due; Redis has one alarm an actor, and none for what is beyond ten minutes.
      </p>
    </section>
  )
}

export function Failures(props: { actor: ActorData }) {
  const failed = () => props.actor.postgres.journal.filter(({ error }) => error !== undefined)
  const count = () => props.actor.redis?.failures ?? 0
  return (
    <section class="cell">
      <div class="cell-head">
        <h2>Failures</h2>
        <span class="note num">{count()} in a row, parked after 8</span>
      </div>
      <ol class="fails">
        <For each={failed()} fallback={<li class="soft">No turn of the last twenty has failed.</li>}>
          {(turn) => (
            <li>
              <time class="num mono faint">{clock(turn.started)}</time> {turn.error}
            </li>
          )}
        </For>
      </ol>
      <p class="note">Outages of the bank, of Postgres or of Redis are nobody’s failure and are not counted.</p>
    </section>
  )
}
