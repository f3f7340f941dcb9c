/** A sum within its bounds. */
import { createMemo, createSignal, createUniqueId, Show } from 'solid-js'
import { currencySymbol, majorUnits, minorUnits, money } from '../../format/money.ts'
import { Glyph } from '../../kit/icon.tsx'

/** A sum within its bounds, as text and in minor units. */
export function createSum(currency: string, max: number) {
  const [text, setText] = createSignal(majorUnits(max, currency))
  const minor = createMemo(() => minorUnits(text(), currency))
  const wrong = createMemo(() => {
    const value = minor()
    if (value === null) return `Type an amount like ${majorUnits(max, currency)}.`
    if (value < 1) return 'Type more than nothing.'
    return value > max ? `That is more than there is: at most ${money(max, currency)}.` : null
  })
  return { text, setText, minor, wrong }
}

export function SumField(props: {
  currency: string
  text: string
  wrong: string | null
  hint: string
  onInput: (text: string) => void
}) {
  const id = createUniqueId()
  return (
    <div class="field">
      <label for={id}>Amount</label>
      <div class="affix">
        <span>{currencySymbol(props.currency)}</span>
        <input
          class="input num mono"
          id={id}
          inputmode="decimal"
          autocomplete="off"
          autofocus
          value={props.text}
          aria-invalid={props.wrong !== null}
          aria-describedby={`${id}-words`}
          onInput={(event) => props.onInput(event.currentTarget.value)}
        />
      </div>
      <Show
        when={props.wrong}
        fallback={
          <p class="hint" id={`${id}-words`}>
            {props.hint}
          </p>
        }
      >
        {(wrong) => (
          <p class="error" id={`${id}-words`} data-state="failed">
            <Glyph state="failed" />
            {wrong()}
          </p>
        )}
      </Show>
    </div>
  )
}
