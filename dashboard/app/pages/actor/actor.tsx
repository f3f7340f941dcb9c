/** One actor: why is it not moving? */
import { A, revalidate, useParams } from '@solidjs/router'
import { createSignal, For, Show } from 'solid-js'
import { onChange } from '../../data/live.ts'
import { createReading, renewEvery } from '../../data/read.ts'
import { type Actor as ActorData, idOf, nudge, placeOf, readActor } from '../../data/runtime.ts'
import { clock, span } from '../../format/time.ts'
import { Badge } from '../../kit/badge.tsx'
import { CopyIcon } from '../../kit/copy.tsx'
import { Head } from '../../kit/head.tsx'
import { Icon } from '../../kit/icon.tsx'
import { Json } from '../../kit/json.tsx'
import { Stale, wordsOf } from '../../kit/notice.tsx'
import { Drawer } from '../../kit/overlay.tsx'
import { toast } from '../../kit/toast.tsx'
import { Sentence } from '../actors/actors.tsx'
import { Journal } from './journal.tsx'
import { Mailbox, Sequence } from './mailbox.tsx'
import { Places } from './places.tsx'
import { Unpark } from './unpark.tsx'

const LOOK_MS = 1_000

export default function Actor() {
  const params = useParams()
  return (
    <Show when={params.id} keyed>
      {(id) => <ActorPage id={id} />}
    </Show>
  )
}

function ActorPage(props: { id: string }) {
  const { id } = props
  const actor = createReading(() => readActor(id), 'version')
  renewEvery(LOOK_MS, readActor.keyFor(id))
  onChange(
    () => void revalidate(readActor.keyFor(id)),
    200,
    ({ data }) => data.payment?.id === idOf(id),
  )
  return (
    <Show when={actor.data()}>
      {(data) => (
        <>
          <Stale trouble={actor.trouble()} />
          <ActorView actor={data()} id={id} />
        </>
      )}
    </Show>
  )
}

/** Where the actor's object has a page of its own. */
function objectOf(address: string): { word: string; href: string } | null {
  const [, kind, id = ''] = address.split('/')
  if (kind === 'payment') return { word: 'payment', href: `/dashboard/transactions/${id}` }
  return kind === 'delivery' ? { word: 'delivery', href: `/dashboard/webhooks/${id}` } : null
}

function ActorView(props: { actor: ActorData; id: string }) {
  const [open, setOpen] = createSignal<'retry' | 'drop' | 'json' | null>(null)
  const place = () => placeOf(props.actor)
  const renew = () => void revalidate(readActor.keyFor(props.id))
  const ring = async () => {
    try {
      const { nudged, reason } = await nudge(props.id)
      toast({ state: nudged ? 'success' : 'pending', title: nudged ? 'Nudged.' : 'Not needed.', text: reason })
    } catch (error) {
      toast({ state: 'failed', title: 'Not nudged.', text: wordsOf(error) })
    }
    renew()
  }
  return (
    <>
      <Head
        title={`Actor ${idOf(props.actor.address)}`}
        heading={
          <>
            <A class="crumb" href="/dashboard/actors">
              Actors
            </A>{' '}
            <span class="faint">/</span> <span class="mono">{idOf(props.actor.address)}</span>
            <CopyIcon text={props.actor.address} label="Copy the address" />
          </>
        }
        tags={
          <>
            <Show when={objectOf(props.actor.address)}>
              {(object) => (
                <A class="link" href={object().href}>
                  {object().word}
                </A>
              )}
            </Show>
            <Badge state={props.actor.postgres.status} />
          </>
        }
        state={place()}
        answer={<Sentence text={props.actor.sentence} />}
        acts={
          <>
            <Show when={place() === 'parked'}>
              <button class="btn primary" type="button" onClick={() => setOpen('retry')}>
                <Icon name="retry" />
                Try now…
              </button>
              <button class="btn danger" type="button" onClick={() => setOpen('drop')}>
                Drop the head…
              </button>
            </Show>
            <Show when={place() === 'overdue'}>
              <button class="btn primary" type="button" onClick={() => void ring()}>
                <Icon name="retry" />
                Nudge
              </button>
            </Show>
            <button class="btn" type="button" onClick={() => setOpen('json')}>
              <Icon name="code" />
              JSON
            </button>
          </>
        }
      />
      <Places actor={props.actor} />
      <div class="cells two">
        <Mailbox actor={props.actor} />
        <Sequence actor={props.actor} />
      </div>
      <div class="cells thirds">
        <Owner actor={props.actor} />
        <Timers actor={props.actor} />
        <Failures actor={props.actor} />
      </div>
      <Journal turns={props.actor.postgres.journal} timeline={objectOf(props.actor.address)?.href ?? null} />
      <Show when={open() === 'retry' || open() === 'drop'}>
        <Unpark
          id={props.id}
          action={open() === 'drop' ? 'drop' : 'retry'}
          head={props.actor.postgres.commands[0] ?? null}
          onClose={() => setOpen(null)}
          onDone={renew}
        />
      </Show>
      <Drawer open={open() === 'json'} onClose={() => setOpen(null)} title="JSON">
        <p class="drawer-note mono">GET /api/v1/actors/{props.id}</p>
        <Json value={props.actor} label="Actor as JSON" />
      </Drawer>
    </>
  )
}

function Owner(props: { actor: ActorData }) {
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
                  <code>{turn().worker}</code>, {clock(turn().started)}, {span(turn().took)}
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

function Timers(props: { actor: ActorData }) {
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

function Failures(props: { actor: ActorData }) {
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
