/** The bar on top: the way to any id, which mode this is, and whether what one sees is live. */
import { Show } from 'solid-js'
import { boot } from '../data/boot.ts'
import { type Line, line } from '../data/live.ts'
import { Dot, Icon } from '../kit/icon.tsx'
import { togglePause } from './keys.ts'

const LINES: Record<Line, { state: string; word: string }> = {
  off: { state: 'none', word: 'Polling' },
  live: { state: 'running', word: 'Live' },
  connecting: { state: 'pending', word: 'Connecting' },
  paused: { state: 'none', word: 'Paused' },
  lost: { state: 'failed', word: 'Not live' },
}

export function Bar(props: { onFind: () => void }) {
  const paused = () => line() === 'paused'
  return (
    <header class="bar">
      <button class="btn plain bar-menu" type="button" popovertarget="rail" aria-label="Menu">
        <Icon name="menu" />
      </button>
      <button class="find" type="button" onClick={() => props.onFind()}>
        <Icon name="search" />
        <span>Search or paste any id</span>
        <kbd>Ctrl K</kbd>
      </button>
      <Show when={boot.account?.merchant?.test}>
        <span class="tag">Test mode</span>
      </Show>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset would bring a legend; these two belong together. */}
      <div class="live" role="group" aria-label="Live updates">
        <span class="live-dot" data-state={LINES[line()].state}>
          <Dot />
          <span>{LINES[line()].word}</span>
        </span>
        <button
          class="btn plain"
          type="button"
          aria-pressed={paused()}
          aria-label={paused() ? 'Resume live updates' : 'Pause live updates'}
          onClick={togglePause}
        >
          <Icon name={paused() ? 'play' : 'pause'} />
        </button>
      </div>
    </header>
  )
}
