/** An input that shows digits in groups and keeps the caret where the shopper has it. */
import { reformat } from '../card/masked.ts'
import type { FieldName } from '../form.ts'
import { useCheckout } from './context.ts'
import { Input } from './Field.tsx'

export interface DigitsInputProps {
  name: FieldName
  testId: string
  autocomplete: string
  noted?: boolean
  /** What is shown or typed, as digits. */
  read: (text: string) => string
  /** Digits as they are shown. */
  format: (digits: string) => string
  /** `atEnd`: the last thing that happened was a digit at the end. */
  onDigits: (digits: string, atEnd: boolean) => void
}

export function DigitsInput(props: DigitsInputProps) {
  const { form } = useCheckout()
  const shown = () => props.format(form.value(props.name))
  const edit = (input: HTMLInputElement) => {
    const before = shown()
    const { value, caret } = reformat(
      before,
      input.value,
      input.selectionStart ?? input.value.length,
      props.read,
      props.format,
    )
    input.value = value
    input.setSelectionRange(caret, caret)
    const digits = props.read(value)
    form.set(props.name, digits)
    props.onDigits(digits, value.length > before.length && caret === value.length)
  }
  return (
    <Input
      name={props.name}
      testId={props.testId}
      autocomplete={props.autocomplete}
      noted={props.noted}
      inputMode="numeric"
      value={shown()}
      onInput={edit}
    />
  )
}
