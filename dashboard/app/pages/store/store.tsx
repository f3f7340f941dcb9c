/** The demo store: how does it feel? Everything but the notebook is real: the order, the checkout, the bank's answer, the webhook. */
import { A } from '@solidjs/router'
import { createSignal, Show } from 'solid-js'
import { boot } from '../../data/boot.ts'
import { createOrder } from '../../data/orders.ts'
import { money } from '../../format/money.ts'
import { CopyButton } from '../../kit/copy.tsx'
import { Head } from '../../kit/head.tsx'
import { Glyph } from '../../kit/icon.tsx'
import { wordsOf } from '../../kit/notice.tsx'
import { loadCheckout } from './checkout.ts'
import { Instruments } from './instruments.tsx'
import { Notebook } from './notebook.tsx'
import { Purchase } from './purchase.tsx'

const PRICE = { amount: 50_000, currency: 'INR' }
const LAST_ORDER = 'store.last-order'

interface Ending {
  state: 'success' | 'failed'
  title: string
  text: string
  paymentId: string | null
}

export default function Store() {
  const [busy, setBusy] = createSignal(false)
  const [ending, setEnding] = createSignal<Ending | null>(null)
  const [orderId, setOrderId] = createSignal(sessionStorage.getItem(LAST_ORDER))
  const price = money(PRICE.amount, PRICE.currency)

  const buy = async () => {
    setBusy(true)
    setEnding(null)
    try {
      const [Gateway, order] = await Promise.all([
        loadCheckout(),
        createOrder(PRICE.amount, PRICE.currency, 'Ledger notebook'),
      ])
      sessionStorage.setItem(LAST_ORDER, order.id)
      setOrderId(order.id)
      new Gateway({
        key: boot.account?.api_key ?? '',
        orderId: order.id,
        clientSecret: order.client_secret,
        prefill: { vpa: 'success@sim' },
        onSuccess: ({ paymentId }) =>
          setEnding({
            state: 'success',
            title: `Payment successful: ${price} paid.`,
            text: 'The notebook is yours.',
            paymentId,
          }),
        onFailure: ({ description, paymentId = null }) =>
          setEnding({
            state: 'failed',
            title: 'Payment failed.',
            text: `${description} Nothing was taken.`,
            paymentId,
          }),
      }).open()
    } catch (error) {
      setEnding({ state: 'failed', title: 'The checkout did not open.', text: wordsOf(error), paymentId: null })
    } finally {
      setBusy(false)
    }
  }

  return (
    <>
      <Head
        title="Demo Store"
        answer={
          <>
            <b>Buy something for {price}.</b> No money moves in test mode; everything else is real: order, bank,
            webhook.
          </>
        }
      />
      <Show when={ending()}>
        {(end) => (
          <div class="cell stale">
            <p class="verdict" role="alert" data-state={end().state}>
              <Glyph state={end().state} />
              <span>
                <b>{end().title}</b> {end().text}{' '}
                <Show when={end().paymentId}>
                  {(id) => (
                    <A class="link mono" href={`/dashboard/transactions/${id()}`}>
                      {id()}
                    </A>
                  )}
                </Show>
              </span>
            </p>
          </div>
        )}
      </Show>
      <div class="cells two">
        <section class="cell shop" aria-labelledby="product">
          <Notebook />
          <div class="shop-text">
            <h2 id="product">Ledger notebook</h2>
            <p class="soft">192 ruled pages, double margin, sewn.</p>
            <p class="price num">{price}</p>
            <button
              class="btn primary big"
              type="button"
              disabled={busy()}
              aria-busy={busy()}
              onClick={() => void buy()}
            >
              Buy Now
            </button>
            <p class="note">A new order is made for every click.</p>
          </div>
        </section>
        <Instruments />
      </div>
      <div class="cells two">
        <Purchase orderId={orderId()} />
        <ButtonCode orderId={orderId()} />
      </div>
    </>
  )
}

function ButtonCode(props: { orderId: string | null }) {
  const code = () => `const gateway = new PaymentGateway({
  key: '${boot.account?.api_key}',
  orderId: '${props.orderId ?? 'ORDER_123'}',
  onSuccess: ({ paymentId }) => console.log('Paid:', paymentId),
  onFailure: ({ description }) => console.error(description),
})
gateway.open()`
  return (
    <section class="cell">
      <div class="cell-head">
        <h2 id="button-code">What the button does</h2>
        <CopyButton text={code()} />
      </div>
      <section class="code mono" tabindex="0" aria-labelledby="button-code">
        {code()}
      </section>
    </section>
  )
}
