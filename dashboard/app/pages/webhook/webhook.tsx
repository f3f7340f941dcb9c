/** One delivery: why was it not delivered, and what exactly was said? */
import { A, revalidate, useNavigate, useParams, useSearchParams } from '@solidjs/router'
import { createSignal, For, Show } from 'solid-js'
import { readEndpoints } from '../../data/endpoints.ts'
import { onChange } from '../../data/live.ts'
import { createReading, renewEvery } from '../../data/read.ts'
import type { WebhookDetails } from '../../data/types.ts'
import { readWebhook, readWebhookConfig, retry } from '../../data/webhooks.ts'
import { createNow } from '../../format/now.ts'
import { clock, span } from '../../format/time.ts'
import { Badge } from '../../kit/badge.tsx'
import { CopyIcon } from '../../kit/copy.tsx'
import { Head } from '../../kit/head.tsx'
import { Icon } from '../../kit/icon.tsx'
import { Empty, Stale, wordsOf } from '../../kit/notice.tsx'
import { rows } from '../../kit/rows.ts'
import { toast } from '../../kit/toast.tsx'
import { DeliveryAnswer } from './answer.tsx'
import { Attempt } from './attempt.tsx'
import { stateOf, ToCome } from './attempts.tsx'
import { Explainer } from './explainer.tsx'

const LOOK_MS = 1_000

export default function Webhook() {
  const params = useParams()
  return (
    <Show when={params.id} keyed>
      {(id) => <DeliveryPage id={id} />}
    </Show>
  )
}

function DeliveryPage(props: { id: string }) {
  const { id } = props
  const delivery = createReading(() => readWebhook(id), 'at')
  onChange(() => void revalidate(readWebhook.keyFor(id)), 300)
  renewEvery(LOOK_MS, readWebhook.keyFor(id))
  return (
    <Show when={delivery.data()}>
      {(data) => (
        <>
          <Stale trouble={delivery.trouble()} />
          <DeliveryView delivery={data()} />
        </>
      )}
    </Show>
  )
}

function DeliveryView(props: { delivery: WebhookDetails }) {
  const now = createNow(100)
  const navigate = useNavigate()
  const [search, setSearch] = useSearchParams<{ attempt?: string }>()
  const [busy, setBusy] = createSignal(false)
  const endpoints = createReading(() => readEndpoints())
  const config = createReading(() => readWebhookConfig())
  /** The endpoint's own, or the merchant's: what its receiver verifies with. */
  const secret = () =>
    endpoints.data()?.find(({ id }) => id === props.delivery.endpoint_id)?.secret ?? config.data()?.webhook_secret
  const log = () => props.delivery.attempt_log
  const shown = () => {
    const number = Number(search.attempt)
    return number >= 1 && number <= log().length ? number : log().length
  }
  const again = async () => {
    setBusy(true)
    try {
      await retry(props.delivery.id)
      toast({ state: 'success', title: 'On its way again.', text: 'The same event, with the same id.' })
      setSearch({ attempt: null }, { replace: true })
      await revalidate(readWebhook.keyFor(props.delivery.id))
    } catch (error) {
      toast({ state: 'failed', title: 'Not retried.', text: wordsOf(error) })
    } finally {
      setBusy(false)
    }
  }
  return (
    <>
      <Head
        title={`Delivery of ${props.delivery.event}`}
        heading={
          <>
            <A class="crumb" href="/dashboard/webhooks">
              Webhooks
            </A>{' '}
            <span class="faint">/</span> {props.delivery.event}
          </>
        }
        tags={
          <>
            <Badge state={props.delivery.status} testId="webhook-status" />
            <Show when={props.delivery.payment_id}>
              {(payment) => (
                <A class="link mono" href={`/dashboard/transactions/${payment()}`}>
                  {payment()}
                </A>
              )}
            </Show>
          </>
        }
        state={props.delivery.status}
        answer={<DeliveryAnswer delivery={props.delivery} now={now()} />}
        acts={
          <button
            class="btn"
            classList={{ primary: props.delivery.status !== 'success' }}
            type="button"
            data-test-id="retry-webhook-button"
            disabled={busy()}
            onClick={() => void again()}
          >
            <Icon name="retry" />
            {props.delivery.status === 'success' ? 'Send again' : 'Retry now'}
          </button>
        }
      />
      <dl class="cells strip">
        <div>
          <dt>Endpoint</dt>
          <dd>{props.delivery.endpoint_url ?? 'removed'}</dd>
        </div>
        <div>
          <dt>Event</dt>
          <dd class="mono">
            {props.delivery.event_id}
            <CopyIcon text={props.delivery.event_id} label="Copy the event’s id" />
          </dd>
        </div>
        <div>
          <dt>Delivery</dt>
          <dd class="mono">{props.delivery.id}</dd>
        </div>
        <div>
          <dt>Order within the payment</dt>
          <dd class="num">sequence {props.delivery.sequence}</dd>
        </div>
      </dl>
      <div class="cells side">
        <section class="cell">
          <div class="cell-head">
            <h2>Attempts</h2>
          </div>
          <ol class="rows attempts" ref={rows}>
            <For each={log()}>
              {(attempt, index) => (
                <li>
                  <button
                    class="row-link"
                    type="button"
                    aria-current={shown() === index() + 1 ? 'true' : undefined}
                    onClick={() => navigate(`?attempt=${index() + 1}`, { scroll: false, replace: true })}
                  >
                    <Badge state={stateOf(attempt)}>
                      {attempt.attempt}, <b>{attempt.response_code ?? 'no answer'}</b>
                    </Badge>
                    <span class="num soft">{span(attempt.duration_ms)}</span>
                    <time class="num mono faint" datetime={attempt.at}>
                      {clock(attempt.at)}
                    </time>
                  </button>
                </li>
              )}
            </For>
            <ToCome delivery={props.delivery} now={now()} />
          </ol>
        </section>
        <Show
          when={log()[shown() - 1]}
          fallback={
            <section class="cell">
              <Empty icon="clock" title="Not tried yet">
                <p class="soft">The first attempt leaves with the next free worker.</p>
              </Empty>
            </section>
          }
        >
          {(attempt) => (
            <Attempt
              attempt={attempt()}
              number={shown()}
              url={props.delivery.endpoint_url}
              payload={props.delivery.payload}
            />
          )}
        </Show>
      </div>
      <Show when={log()[shown() - 1]}>
        {(attempt) => (
          <Show when={secret()}>
            {(key) => <Explainer payload={props.delivery.payload} attempt={attempt()} secret={key()} />}
          </Show>
        )}
      </Show>
    </>
  )
}
