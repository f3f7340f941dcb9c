/** Webhooks: do my receivers get their events? */
import { revalidate, useSearchParams } from '@solidjs/router'
import { createSignal, For, Show } from 'solid-js'
import { withParams } from '../../data/api.ts'
import { readEndpoints, readReplays, startReplay } from '../../data/endpoints.ts'
import { onChange } from '../../data/live.ts'
import { createReading, renewEvery } from '../../data/read.ts'
import type { WebhookSummary } from '../../data/types.ts'
import { hostOf, readWebhookConfig, readWebhookSummary, readWebhooks, retry } from '../../data/webhooks.ts'
import { createNow } from '../../format/now.ts'
import { count, counted } from '../../format/number.ts'
import { SetFilter } from '../../kit/choice.tsx'
import { Head } from '../../kit/head.tsx'
import { createHeld } from '../../kit/held.ts'
import { Icon } from '../../kit/icon.tsx'
import { Stale, wordsOf } from '../../kit/notice.tsx'
import { Pager } from '../../kit/pager.tsx'
import { NewPill } from '../../kit/pill.tsx'
import { toast } from '../../kit/toast.tsx'
import { WebhooksAnswer, webhooksState } from './answer.tsx'
import { Config } from './config.tsx'
import { EndpointDialog } from './endpoint-dialog.tsx'
import { Endpoints } from './endpoints.tsx'
import { Log } from './log.tsx'
import { NoDeliveries } from './none.tsx'
import { ReplayDialog, Replays, replayAllFailed } from './replays.tsx'

const TABS = [
  ['', 'All'],
  ['pending', 'Pending'],
  ['success', 'Success'],
  ['failed', 'Failed'],
] as const
type Tab = (typeof TABS)[number][0]

const LIMIT = 25
/** Attempts have no event of their own: so often the log looks for them, ms. */
const LOOK_MS = 2_000
const NOTHING: WebhookSummary = { total: 0, by_status: { pending: 0, success: 0, failed: 0 }, endpoints: [] }

export default function Webhooks() {
  const [search, setSearch] = useSearchParams<{ status?: string; payment?: string; offset?: string }>()
  const tab = (): Tab => TABS.find(([value]) => value === search.status)?.[0] ?? ''
  const offset = () => Number(search.offset) || 0
  const params = () => ({ status: tab(), payment_id: search.payment, limit: LIMIT, offset: offset() })
  const config = createReading(() => readWebhookConfig())
  const endpoints = createReading(() => readEndpoints())
  const replays = createReading(() => readReplays())
  const list = createReading(() => readWebhooks(params()))
  const [dialog, setDialog] = createSignal<'endpoint' | 'replay' | null>(null)
  const sums = createReading(() => readWebhookSummary({ payment_id: search.payment }), 'endpoint_id')
  const held = createHeld(
    () => list.data()?.data,
    () => JSON.stringify(params()),
  )
  const now = createNow(500)
  const renew = () => void revalidate([readWebhooks.key, readWebhookSummary.key])
  onChange(renew)
  renewEvery(LOOK_MS, readWebhooks.key)
  renewEvery(LOOK_MS, readWebhookSummary.key)
  renewEvery(LOOK_MS, readReplays.key)
  const [selected, setSelected] = createSignal<ReadonlySet<string>>(new Set())
  const [busy, setBusy] = createSignal<ReadonlySet<string>>(new Set())
  const summary = () => sums.data() ?? NOTHING
  const select = (ids: string[], on: boolean) => {
    const next = new Set(selected())
    for (const id of ids) on ? next.add(id) : next.delete(id)
    setSelected(next)
  }
  const retryAll = async (ids: string[]) => {
    setBusy(new Set([...busy(), ...ids]))
    const refused = await retryThem(ids)
    setBusy(new Set([...busy()].filter((id) => !ids.includes(id))))
    renew()
    if (refused) toast({ state: 'failed', title: 'Not all are retried.', text: wordsOf(refused) })
    else toast({ state: 'success', title: `${counted(ids.length, 'delivery', 'deliveries')} on the way again.` })
    if (ids.length > 1) setSelected(new Set<string>())
  }
  const worst = () => {
    const endpoints = [...summary().endpoints].sort((a, b) => b.failed - a.failed)
    const id = endpoints.length > 1 ? endpoints[0]?.endpoint_id : null
    const url = held.rows().find((row) => row.endpoint_id === id)?.endpoint_url
    return url ? hostOf(url) : null
  }
  return (
    <>
      <Head
        title="Webhooks"
        state={webhooksState(summary())}
        answer={<WebhooksAnswer summary={summary()} hasUrl={Boolean(config.data()?.webhook_url)} worst={worst()} />}
        acts={
          <>
            <button class="btn" type="button" onClick={() => setDialog('replay')}>
              <Icon name="retry" />
              Send again…
            </button>
            <button class="btn" type="button" onClick={() => setDialog('endpoint')}>
              <Icon name="plus" />
              Add endpoint
            </button>
          </>
        }
      />
      <Stale trouble={list.trouble()} />
      <Show when={config.data()}>{(data) => <Config config={data()} onSent={renew} />}</Show>
      <Show when={(endpoints.data() ?? []).length > 0 && endpoints.data()}>
        {(data) => <Endpoints endpoints={data()} summary={summary()} />}
      </Show>
      <Replays replays={replays.data() ?? []} now={now()} />
      <section class="log" aria-labelledby="log-title">
        <h2 class="off" id="log-title">
          Delivery log
        </h2>
        <nav class="tabs" aria-label="Deliveries by state">
          <For each={TABS}>
            {([value, word]) => (
              <a
                href={withParams('/dashboard/webhooks', { status: value, payment: search.payment })}
                attr:noscroll=""
                aria-current={tab() === value ? 'true' : undefined}
              >
                {word} <span class="num">{count(value === '' ? summary().total : summary().by_status[value])}</span>
              </a>
            )}
          </For>
          <span class="tools-end">
            <Show when={tab() === 'failed' && summary().by_status.failed > 0}>
              <button class="link" type="button" onClick={() => void replayAllFailed()}>
                Retry all {count(summary().by_status.failed)} failed
              </button>
            </Show>
            <Show when={search.payment}>
              {(payment) => (
                <SetFilter
                  words={`Payment: ${payment()}`}
                  onRemove={() => setSearch({ payment: null, offset: null })}
                />
              )}
            </Show>
            <NewPill waiting={offset() === 0 ? held.waiting() : 0} onTake={held.take} />
          </span>
        </nav>
        <Show when={selected().size > 0}>
          <section class="bulk" aria-label="Selection">
            <span class="num">
              <b>{count(selected().size)} selected.</b>
            </span>
            <span class="acts">
              <button
                class="btn primary"
                type="button"
                disabled={busy().size > 0}
                onClick={() => void retryAll([...selected()])}
              >
                <Icon name="retry" />
                Retry {count(selected().size)}
              </button>
              <button class="btn" type="button" onClick={() => setSelected(new Set<string>())}>
                Clear
              </button>
            </span>
          </section>
        </Show>
        <Show
          when={held.rows().length > 0}
          fallback={<NoDeliveries filtered={tab() !== '' || Boolean(search.payment)} />}
        >
          <Log
            rows={held.rows()}
            selected={selected()}
            onSelect={select}
            onRetry={(id) => void retryAll([id])}
            busy={busy()}
            now={now}
          />
          <Pager
            offset={offset()}
            shown={held.rows().length}
            total={list.data()?.total ?? 0}
            exact={list.data()?.total_exact !== false}
            limit={LIMIT}
            onMove={(next) => setSearch({ offset: next || null })}
          />
        </Show>
      </section>
      <Show when={dialog() === 'endpoint'}>
        <EndpointDialog endpoint={null} onClose={() => setDialog(null)} />
      </Show>
      <Show when={dialog() === 'replay'}>
        <ReplayDialog endpoints={endpoints.data() ?? []} onClose={() => setDialog(null)} />
      </Show>
    </>
  )
}

/** One by its own route; several as a replay, which survives this page. Answers why not, or null. */
async function retryThem(ids: string[]): Promise<unknown> {
  try {
    if (ids.length === 1 && ids[0] !== undefined) await retry(ids[0])
    else await startReplay({ source: 'selected', webhook_ids: ids })
    return null
  } catch (error) {
    return error
  }
}
