/** The key that calls carry. The secret is only ever shown where it is everybody's: in demo mode. */
import { A } from '@solidjs/router'
import { createSignal, Show } from 'solid-js'
import { boot } from '../../data/boot.ts'
import { CopyIcon } from '../../kit/copy.tsx'
import { Icon } from '../../kit/icon.tsx'

export function ApiCredentials() {
  const [shown, setShown] = createSignal(false)
  const key = () => boot.account?.api_key ?? null
  return (
    <section class="cell" data-test-id="api-credentials">
      <div class="cell-head">
        <h2>API credentials</h2>
      </div>
      <dl class="facts">
        <div>
          <dt>Key</dt>
          <dd>
            <Show when={key()} fallback={<span class="soft">none in use</span>}>
              {(text) => (
                <>
                  <code data-test-id="api-key">{text()}</code>
                  <CopyIcon text={text()} label="Copy the key" />
                </>
              )}
            </Show>
          </dd>
        </div>
        <div>
          <dt>Secret</dt>
          <dd>
            <Show when={boot.demo} fallback={<span class="soft">shown once, when the key was made</span>}>
              {(demo) => (
                <>
                  <code>{shown() ? demo().api_secret : demo().api_secret.replace(/[^_]+$/, '••••••')}</code>
                  <button
                    class="copy"
                    type="button"
                    aria-label={shown() ? 'Hide the secret' : 'Show the secret'}
                    onClick={() => setShown(!shown())}
                  >
                    <Icon name="eye" />
                  </button>
                </>
              )}
            </Show>
          </dd>
        </div>
      </dl>
      <p class="note">
        <A class="link" href="/dashboard/docs">
          Make a first payment with curl
        </A>
      </p>
    </section>
  )
}
