/** The API does not answer: the page says so, and comes back by itself as soon as it does. */
import { onCleanup, onMount } from 'solid-js'
import { boot } from '../data/boot.ts'
import { Glyph, Icon } from '../kit/icon.tsx'

const LOOK_MS = 2_000

export function Away() {
  onMount(() => {
    const timer = setInterval(async () => {
      const answer = await fetch(location.href, { headers: { accept: 'text/html' }, redirect: 'manual' }).catch(
        () => null,
      )
      if (answer && answer.status !== 503) location.reload()
    }, LOOK_MS)
    onCleanup(() => clearInterval(timer))
  })
  return (
    <div class="door">
      <main class="door-main">
        <div class="door-brand">
          <Icon name="mark" />
          <p>Async Payment Gateway</p>
        </div>
        <section class="door-card">
          <h1>The API does not answer</h1>
          <p class="soft">
            Nothing is lost: what was accepted stands in Postgres and goes on when the workers are back.
          </p>
          <p class="verdict" role="status" data-state="pending">
            <Glyph state="pending" />
            <span>
              <b>Trying again every 2 s.</b> It is expected at {boot.api_url}; start it with <code>npm start</code>.
            </span>
          </p>
        </section>
      </main>
    </div>
  )
}
