/** What happened: cause first, then what the system did about it. */
import { For, Show } from 'solid-js'
import { preciseClock, span } from '../../format/time.ts'
import { Glyph, Icon } from '../../kit/icon.tsx'
import { Empty } from '../../kit/notice.tsx'
import { type Effect, stories } from './stories.ts'

export function Happened() {
  return (
    <section class="cells">
      <div class="cell">
        <div class="cell-head">
          <h2>What happened</h2>
          <span class="note">cause first, then what the system did about it</span>
        </div>
        <Show
          when={stories.length > 0}
          fallback={
            <Empty icon="chaos" title="Nothing is broken yet">
              <p class="soft">
                Send some load, then kill a worker or flush Redis: what comes of it is told here as it happens.
              </p>
            </Empty>
          }
        >
          <ol class="wf-tree story">
            <For each={stories}>
              {(story) => (
                <li data-test-id="story">
                  <p class="story-row">
                    <Icon name={story.icon} />
                    <span>
                      <b>{story.title}</b> <span class="soft">{story.what}</span>
                    </span>
                    <time class="num mono faint">{preciseClock(story.atMs)}</time>
                  </p>
                  <Chain effects={story.effects} />
                </li>
              )}
            </For>
          </ol>
        </Show>
      </div>
    </section>
  )
}

/** Each effect is the cause of the next. */
function Chain(props: { effects: readonly Effect[] }) {
  return (
    <Show when={props.effects[0]}>
      {(effect) => (
        <ol>
          <li class="is-hot">
            <p class="story-row">
              <span class="wf-g" data-state={effect().state}>
                <Glyph state={effect().state} />
              </span>
              <span>{effect().words}</span>
              <time class="num mono faint">+{span(effect().afterMs)}</time>
            </p>
            <Chain effects={props.effects.slice(1)} />
          </li>
        </ol>
      )}
    </Show>
  )
}
