/** A piece of code in one or several languages, ready to be pasted: what is the reader's own is inked. */
import { createSignal, For, Show } from 'solid-js'
import { CopyButton } from '../../kit/copy.tsx'
import { Seg } from '../../kit/seg.tsx'
import type { Snippet } from './snippets.ts'

/** The marked parts stand at the odd places. */
const parts = (text: string) => text.split(/[«»]/)

export function SnippetBox(props: { snippets: Snippet[]; label: string; testId?: string }) {
  const [language, setLanguage] = createSignal(props.snippets[0]?.language ?? '')
  const shown = () => props.snippets.find((snippet) => snippet.language === language()) ?? props.snippets[0]
  const text = () => shown()?.text ?? ''
  return (
    <div class="snippet">
      <div class="snippet-head">
        <Show when={props.snippets.length > 1} fallback={<span class="label">{language()}</span>}>
          <Seg
            label="Language"
            options={props.snippets.map((snippet) => [snippet.language, snippet.language] as const)}
            value={language()}
            onChange={setLanguage}
          />
        </Show>
        <CopyButton text={parts(text()).join('')} />
      </div>
      <section class="code mono" tabindex="0" aria-label={props.label} data-test-id={props.testId}>
        <For each={parts(text())}>{(part, index) => (index() % 2 ? <b>{part}</b> : part)}</For>
      </section>
    </div>
  )
}
