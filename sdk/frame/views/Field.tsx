/** A label, an input, and under it the hint or what is wrong, tied to the input so that it is read out with it. */
import { type JSX, Show } from 'solid-js'
import type { FieldName } from '../form.ts'
import { useCheckout } from './context.ts'
import { Glyph } from './Icon.tsx'

export function Field(props: { name: FieldName; label: string; hint?: string; children: JSX.Element }) {
  const { form } = useCheckout()
  return (
    <div class="field">
      <label for={props.name}>{props.label}</label>
      {props.children}
      <Show
        when={form.error(props.name)}
        fallback={
          <Show when={props.hint}>
            <p class="hint" id={`${props.name}-note`}>
              {props.hint}
            </p>
          </Show>
        }
      >
        <p class="error" id={`${props.name}-note`} data-state="failed">
          <Glyph name="wrong" />
          <span>{form.error(props.name)}</span>
        </p>
      </Show>
    </div>
  )
}

export interface InputProps {
  name: FieldName
  testId: string
  autocomplete: string
  value: string
  onInput: (input: HTMLInputElement) => void
  inputMode?: 'numeric' | 'email'
  placeholder?: string
  /** It has a hint, so there is always a note below it. */
  noted?: boolean
}

/** Every attribute by name: spreading them would bring Solid's tables of all attributes into the frame. */
export function Input(props: InputProps) {
  const { form } = useCheckout()
  return (
    <input
      class={props.inputMode === 'numeric' ? 'input num' : 'input'}
      id={props.name}
      data-test-id={props.testId}
      autocomplete={props.autocomplete}
      autocapitalize="none"
      spellcheck={false}
      maxLength={255}
      inputMode={props.inputMode ?? 'text'}
      placeholder={props.placeholder}
      aria-invalid={form.error(props.name) ? 'true' : undefined}
      aria-describedby={props.noted || form.error(props.name) ? `${props.name}-note` : undefined}
      value={props.value}
      onInput={(event) => props.onInput(event.currentTarget)}
      onBlur={() => form.leave(props.name)}
    />
  )
}
