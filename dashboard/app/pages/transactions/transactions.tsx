/** Transactions: where is this payment, and how do we do? */
import { A, revalidate } from '@solidjs/router'
import { createSignal, For, Show } from 'solid-js'
import { withParams } from '../../data/api.ts'
import { onChange } from '../../data/live.ts'
import { readPayments, readSummary } from '../../data/payments.ts'
import { createReading } from '../../data/read.ts'
import type { PaymentSummary } from '../../data/types.ts'
import { count, counted } from '../../format/number.ts'
import { Choice, SetFilter } from '../../kit/choice.tsx'
import { Head } from '../../kit/head.tsx'
import { createHeld } from '../../kit/held.ts'
import { Icon } from '../../kit/icon.tsx'
import { Empty, Stale, wordsOf } from '../../kit/notice.tsx'
import { Pager } from '../../kit/pager.tsx'
import { NewPill } from '../../kit/pill.tsx'
import { Search } from '../../kit/search.tsx'
import { TableRegion } from '../../kit/table.tsx'
import { toast } from '../../kit/toast.tsx'
import { Answer, answerState } from './answer.tsx'
import { exportPayments } from './export.ts'
import { createFilters, LIMIT, METHODS, PERIODS, TABS, type Tab } from './filters.ts'
import { PaymentRow } from './row.tsx'

const NOTHING: PaymentSummary = {
  total: 0,
  by_status: { pending: 0, success: 0, failed: 0 },
  refunded: 0,
  amounts: [],
  methods: [],
  oldest_pending_at: null,
}

export default function Transactions() {
  const filters = createFilters()
  const list = createReading(() => readPayments(filters.list()))
  const sums = createReading(() => readSummary(filters.sums()), 'currency')
  const held = createHeld(
    () => list.data()?.data,
    () => JSON.stringify(filters.list()),
  )
  onChange(() => void revalidate([readPayments.key, readSummary.key]))
  const summary = () => sums.data() ?? NOTHING
  const tabCount = (tab: Tab) => {
    if (tab === '') return summary().total
    return tab === 'refunded' ? summary().refunded : summary().by_status[tab]
  }
  const take = () => held.take()
  return (
    <>
      <Head
        title="Transactions"
        state={answerState(summary())}
        answer={<Answer summary={summary()} period={filters.period()} narrowed={filters.narrowed()} />}
        acts={<ExportButton params={filters.list} />}
      />
      <Stale trouble={list.trouble()} />
      <nav class="tabs" aria-label="Status">
        <For each={TABS}>
          {([tab, word]) => (
            <a
              href={withParams('/dashboard/transactions', {
                status: tab,
                period: filters.period(),
                method: filters.method(),
                order: filters.order(),
                q: filters.text(),
              })}
              aria-current={filters.tab() === tab ? 'true' : undefined}
            >
              {word} <span class="num">{count(tabCount(tab))}</span>
            </a>
          )}
        </For>
      </nav>
      <search class="tools">
        <Search
          label="Search transactions"
          placeholder="Any id, receipt or amount"
          value={filters.text()}
          onChange={(q) => filters.set({ q })}
        />
        <Choice
          label="Period"
          icon="calendar"
          options={PERIODS}
          value={filters.period()}
          onChange={(period) => filters.set({ period })}
        />
        <Choice
          label="Method"
          options={METHODS}
          value={filters.method()}
          onChange={(method) => filters.set({ method })}
        />
        <Show when={filters.order()}>
          {(order) => <SetFilter words={`Order: ${order()}`} onRemove={() => filters.set({ order: null })} />}
        </Show>
        <span class="tools-end">
          <NewPill waiting={filters.offset() === 0 ? held.waiting() : 0} onTake={take} />
        </span>
      </search>
      <Show
        when={held.rows().length > 0}
        fallback={<NoTransactions narrowed={filters.narrowed() || filters.tab() !== ''} />}
      >
        <section aria-label="Transactions" class="table-sheet">
          <TableRegion label="Table of transactions" sheet>
            <table class="tbl stack" role="table" data-test-id="transactions-table">
              <thead role="rowgroup">
                <tr role="row">
                  <th role="columnheader" scope="col">
                    Payment
                  </th>
                  <th role="columnheader" scope="col">
                    Order
                  </th>
                  <th role="columnheader" scope="col" class="end">
                    Amount
                  </th>
                  <th role="columnheader" scope="col">
                    Method
                  </th>
                  <th role="columnheader" scope="col">
                    Status
                  </th>
                  <th role="columnheader" scope="col">
                    Money
                  </th>
                  <th role="columnheader" scope="col" aria-sort="descending">
                    Created <Icon name="down" />
                  </th>
                </tr>
              </thead>
              <tbody role="rowgroup">
                <For each={held.rows()}>{(payment) => <PaymentRow payment={payment} />}</For>
              </tbody>
            </table>
          </TableRegion>
          <Pager
            offset={filters.offset()}
            shown={held.rows().length}
            total={list.data()?.total ?? 0}
            exact={list.data()?.total_exact !== false}
            limit={LIMIT}
            onMove={(offset) => filters.set({ offset: offset || null })}
          />
        </section>
      </Show>
    </>
  )
}

function ExportButton(props: { params: () => Record<string, string | number | null | undefined> }) {
  const [busy, setBusy] = createSignal(false)
  const run = async () => {
    setBusy(true)
    try {
      const { rows, more } = await exportPayments(props.params())
      const text = more ? 'There are more: narrow the period for the rest.' : 'The file is in your downloads.'
      toast({ state: 'success', title: `${counted(rows, 'transaction')} exported.`, text })
    } catch (error) {
      toast({ state: 'failed', title: 'Not exported.', text: wordsOf(error) })
    } finally {
      setBusy(false)
    }
  }
  return (
    <button class="btn" type="button" aria-busy={busy()} disabled={busy()} onClick={run}>
      <Icon name="download" />
      {busy() ? 'Exporting' : 'Export CSV'}
    </button>
  )
}

function NoTransactions(props: { narrowed: boolean }) {
  return (
    <section class="cells">
      <div class="cell">
        <Show
          when={props.narrowed}
          fallback={
            <Empty
              icon="transactions"
              title="No transactions yet"
              acts={
                <>
                  <A class="btn primary" href="/dashboard/store">
                    Buy something
                  </A>
                  <A class="btn" href="/dashboard/docs">
                    Read the call
                  </A>
                </>
              }
            >
              <p class="soft">Make the first one in the Demo Store, or with one call.</p>
            </Empty>
          }
        >
          <Empty
            icon="filter"
            title="Nothing fits these filters"
            acts={
              <A class="btn" href="/dashboard/transactions">
                Show all transactions
              </A>
            }
          >
            <p class="soft">Ids and receipts are found whole, amounts as 500 or 500.00.</p>
          </Empty>
        </Show>
      </div>
    </section>
  )
}
