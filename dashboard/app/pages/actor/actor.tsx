/** One actor: why is it not moving? */
import { A, revalidate, useParams } from '@solidjs/router'
import { createSignal, Show } from 'solid-js'
import { onChange } from '../../data/live.ts'
import { createReading, renewEvery } from '../../data/read.ts'
import { type Actor as ActorData, idOf, nudge, placeOf, readActor } from '../../data/runtime.ts'
import { Badge } from '../../kit/badge.tsx'
import { CopyIcon } from '../../kit/copy.tsx'
import { Head } from '../../kit/head.tsx'
import { Icon } from '../../kit/icon.tsx'
import { Json } from '../../kit/json.tsx'
import { Stale, wordsOf } from '../../kit/notice.tsx'
import { Drawer } from '../../kit/overlay.tsx'
import { toast } from '../../kit/toast.tsx'
import { Sentence } from '../actors/why.tsx'
import { Failures, Owner, Timers } from './cells.tsx'
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
