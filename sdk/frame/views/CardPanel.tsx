/** Paying by card. Digits are grouped while they are typed, and a field that is complete and right hands over to the next. */
import { Show } from 'solid-js'
import { groupNumber, isCompleteNumber, networkOf } from '../card/card.ts'
import { expiryDigits, groupExpiry, judgeExpiry } from '../card/expiry.ts'
import { useCheckout } from './context.ts'
import { DigitsInput } from './DigitsInput.tsx'
import { Field, Input } from './Field.tsx'
import { PayButton, useSubmit } from './PayButton.tsx'

const onlyDigits = (text: string) => text.replace(/\D/g, '')

export function CardPanel() {
  const { form, words } = useCheckout()
  const submit = useSubmit()
  const network = () => networkOf(form.value('number'))
  const advance = (to: string, complete: boolean) => complete && document.getElementById(to)?.focus()
  return (
    <form class="form" data-test-id="card-form" noValidate onSubmit={submit}>
      <Field name="number" label={words.number}>
        <div class="with">
          <DigitsInput
            name="number"
            testId="card-number-input"
            autocomplete="cc-number"
            read={onlyDigits}
            format={groupNumber}
            onDigits={(digits, atEnd) => {
              form.glance('number')
              advance('expiry', atEnd && isCompleteNumber(digits))
            }}
          />
          <Show when={network().name}>{(name) => <span class="net">{name()}</span>}</Show>
        </div>
      </Field>
      <div class="pair">
        <Field name="expiry" label={words.expiry} hint={words.expiryHint}>
          <DigitsInput
            name="expiry"
            testId="expiry-input"
            autocomplete="cc-exp"
            noted
            read={expiryDigits}
            format={groupExpiry}
            onDigits={(digits, atEnd) => {
              form.glance('expiry')
              advance('cvv', atEnd && judgeExpiry(digits, new Date()) === 'right')
            }}
          />
        </Field>
        <Field name="cvv" label={words.cvv} hint={words.cvvHint(network().cvvDigits)}>
          <DigitsInput
            name="cvv"
            testId="cvv-input"
            autocomplete="cc-csc"
            noted
            read={onlyDigits}
            format={(digits) => digits.slice(0, network().cvvDigits)}
            onDigits={(digits, atEnd) =>
              advance('name', atEnd && digits.length === network().cvvDigits && !form.value('name'))
            }
          />
        </Field>
      </div>
      <Field name="name" label={words.holder}>
        <Input
          name="name"
          testId="cardholder-name-input"
          autocomplete="cc-name"
          value={form.value('name')}
          onInput={(input) => form.set('name', input.value)}
        />
      </Field>
      <PayButton />
    </form>
  )
}
