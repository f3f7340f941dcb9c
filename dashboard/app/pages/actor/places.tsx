/** The five places an actor can be in; it is in exactly one. */
import { For, Show } from 'solid-js'
import { type Actor, type Place, placeOf } from '../../data/runtime.ts'
import { span } from '../../format/time.ts'
import { Glyph } from '../../kit/icon.tsx'

const PLACES: readonly Place[] = ['idle', 'ready', 'in turn', 'backing off', 'parked']

/** What is said of each place while the actor is somewhere else. */
const MEANING: Record<Place, string> = {
  idle: 'no message waits',
  ready: 'waits for a worker',
  'in turn': 'a worker has it',
  'backing off': 'comes back by itself',
  parked: 'after 8 failures in a row',
  overdue: '',
}

function nowWords({ redis, postgres }: Actor): string {
  if (redis === null) return 'Redis does not answer'
  const { owner, position, rests_for_ms: rests, tried_again_in_ms: again, alarm_in_ms: alarm } = redis
  if (owner) return `${owner.lease.replace(/-[0-9a-f]{12}$/, '')}, lease ${span(Math.max(0, owner.left_ms))}`
  if (position) return `position ${position.place} of ${position.of}`
  if (rests !== null) return `for another ${span(Math.max(0, rests))}`
  if (again !== null) return `tried again in ${span(Math.max(0, again))}`
  if (postgres.overdue_ms !== null && postgres.overdue_ms > 0) return `overdue for ${span(postgres.overdue_ms)}`
  return alarm === null ? 'it has come to its end' : `alarm in ${span(Math.max(0, alarm))}`
}

export function Places(props: { actor: Actor }) {
  const here = () => placeOf(props.actor)
  /** Unknown to Redis is idle there: the place is lit in the colour of what is wrong. */
  const isNow = (place: Place) => place === here() || (here() === 'overdue' && place === 'idle')
  return (
    <ol class="cells places" aria-label="An actor is in exactly one place">
      <For each={PLACES}>
        {(place) => (
          <li
            class="place"
            classList={{ 'is-now': isNow(place) }}
            data-state={isNow(place) ? here() : place}
            aria-current={isNow(place) ? 'step' : undefined}
          >
            <Glyph state={isNow(place) ? here() : place} />
            <b>{isNow(place) && here() === 'overdue' ? 'overdue' : place}</b>
            <span class="num">
              <Show when={isNow(place)} fallback={MEANING[place]}>
                {nowWords(props.actor)}
              </Show>
            </span>
          </li>
        )}
      </For>
    </ol>
  )
}
