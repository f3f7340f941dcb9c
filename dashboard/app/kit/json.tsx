/** JSON to read: keys, strings and numbers told apart. */
import { For } from 'solid-js'

const TOKENS = /("(?:[^"\\]|\\.)*")(\s*:)?|(-?\d[\d.eE+-]*|true|false|null)|([^"\d-]+|-)/g

type Token = { kind: 'key' | 'string' | 'value' | 'rest'; text: string }

function tokens(value: unknown): Token[] {
  return [...JSON.stringify(value, null, 2).matchAll(TOKENS)].flatMap(([text, string, colon, word]): Token[] => {
    if (string !== undefined && colon !== undefined)
      return [
        { kind: 'key', text: string },
        { kind: 'rest', text: colon },
      ]
    if (string !== undefined) return [{ kind: 'string', text: string }]
    return [{ kind: word === undefined ? 'rest' : 'value', text }]
  })
}

export function Json(props: { value: unknown; label: string }) {
  return (
    <section class="json" tabindex="0" aria-label={props.label}>
      <pre>
        <For each={tokens(props.value)}>
          {({ kind, text }) => {
            if (kind === 'key') return <i>{text}</i>
            if (kind === 'string') return <b>{text}</b>
            return kind === 'value' ? <u>{text}</u> : text
          }}
        </For>
      </pre>
    </section>
  )
}
