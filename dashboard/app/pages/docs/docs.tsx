/** Docs: how do I start? Three steps with the reader's own keys, then what one needs to know once the first payment works. */
import { A } from '@solidjs/router'
import { createSignal, For, type JSX, onCleanup, onMount, Show } from 'solid-js'
import { boot } from '../../data/boot.ts'
import { createReading } from '../../data/read.ts'
import { readWebhookConfig } from '../../data/webhooks.ts'
import { Badge } from '../../kit/badge.tsx'
import { Head } from '../../kit/head.tsx'
import { Icon } from '../../kit/icon.tsx'
import { TableRegion } from '../../kit/table.tsx'
import { InstrumentsTable } from '../store/instruments.tsx'
import { ERRORS } from './errors.ts'
import { SnippetBox } from './snippet.tsx'
import { createOrder, idempotent, openCheckout, verifyWebhook } from './snippets.ts'

const SECTIONS = [
  ['create-order', '1. Create an order'],
  ['sdk', '2. Open the checkout'],
  ['verify', '3. Verify the webhook'],
  ['idempotency', 'Idempotency'],
  ['errors', 'Errors'],
  ['instruments', 'Test instruments'],
] as const

export default function Docs() {
  const config = createReading(() => readWebhookConfig())
  return (
    <>
      <Head
        title="Docs"
        answer={
          <>
            <b>Three steps to a first payment:</b> create an order, open the checkout, verify the webhook.
          </>
        }
        acts={
          <>
            <a class="btn" href={`${boot.api_url}/openapi.json`} target="_blank" rel="noreferrer">
              <Icon name="open" />
              OpenAPI
            </a>
            <a class="btn" href={`${boot.checkout_url}/docs`} target="_blank" rel="noreferrer">
              <Icon name="open" />
              Checkout in depth
            </a>
          </>
        }
      />
      <div class="cells docs" data-test-id="api-docs">
        <Contents />
        <div class="cell prose">
          <section id="create-order" data-test-id="section-create-order">
            <h2>1. Create an order</h2>
            <p>
              From your server, with your key and secret. Amounts are in the smallest unit: 50000 is ₹500.00. The answer
              comes at once, 201 with status <code>created</code>.
            </p>
            <SnippetBox
              snippets={createOrder()}
              label="Code that creates an order"
              testId="code-snippet-create-order"
            />
          </section>
          <section id="sdk" data-test-id="section-sdk-integration">
            <h2>2. Open the checkout</h2>
            <p>
              One script, 3 KB. <code>onSuccess</code> runs only when the bank has said yes, never while the payment is
              pending.
            </p>
            <SnippetBox snippets={openCheckout()} label="Code that opens the checkout" testId="code-snippet-sdk" />
          </section>
          <section id="verify" data-test-id="section-webhook-verification">
            <h2>3. Verify the webhook</h2>
            <p>
              Compare the signature with your own over the raw body. Answer 2xx within 5 s and work afterwards; anything
              else is tried again.{' '}
              <A class="link" href="/dashboard/webhooks">
                Set the URL
              </A>{' '}
              and send a test event.
            </p>
            <Show when={config.data()}>
              {(data) => (
                <SnippetBox
                  snippets={verifyWebhook(data().webhook_secret)}
                  label="Code that verifies a webhook"
                  testId="code-snippet-webhook"
                />
              )}
            </Show>
          </section>
          <section id="idempotency">
            <h2>Idempotency</h2>
            <p>
              Every POST takes an <code>Idempotency-Key</code> of at most 255 characters. For 24 h a repeat with the
              same key and body is answered with the same bytes and does nothing again; another body under the same key
              is 409.
            </p>
            <SnippetBox snippets={idempotent()} label="A call that may be repeated" />
          </section>
          <Errors />
          <section id="instruments">
            <h2>Test instruments</h2>
            <p>In test mode the instrument says what the bank does. Nothing of it moves money.</p>
            <InstrumentsTable />
          </section>
        </div>
      </div>
    </>
  )
}

function Errors(): JSX.Element {
  return (
    <section id="errors">
      <h2>Errors</h2>
      <p>
        One envelope: <code>{'{"error": {"code", "description", "field", "request_id"}}'}</code>. The description can be
        shown as it is; the request’s id is what to ask us about.
      </p>
      <TableRegion label="Error codes">
        <table class="tbl">
          <thead>
            <tr>
              <th scope="col">Status</th>
              <th scope="col">Code</th>
              <th scope="col">What to do</th>
            </tr>
          </thead>
          <tbody>
            <For each={ERRORS}>
              {({ status, code, todo }) => (
                <tr>
                  <td class="num">{status}</td>
                  <th scope="row">
                    <code>{code}</code>
                  </th>
                  <td class="wrap">{todo}</td>
                </tr>
              )}
            </For>
          </tbody>
        </table>
      </TableRegion>
      <p>
        A payment that the bank declines is no error of the call: it ends as <Badge state="failed" /> with an{' '}
        <code>error_code</code>.
      </p>
    </section>
  )
}

/** The section that one reads is marked. */
function Contents() {
  const [here, setHere] = createSignal<string>(SECTIONS[0][0])
  onMount(() => {
    const seen = new IntersectionObserver(
      (entries) => {
        const first = entries.find(({ isIntersecting }) => isIntersecting)
        if (first) setHere(first.target.id)
      },
      { rootMargin: '-10% 0px -70% 0px' },
    )
    for (const [id] of SECTIONS) {
      const section = document.getElementById(id)
      if (section) seen.observe(section)
    }
    onCleanup(() => seen.disconnect())
  })
  return (
    <nav class="cell toc" aria-label="On this page">
      <ol>
        <For each={SECTIONS}>
          {([id, words]) => (
            <li>
              <a href={`#${id}`} aria-current={here() === id ? 'true' : undefined}>
                {words}
              </a>
            </li>
          )}
        </For>
      </ol>
    </nav>
  )
}
