/** Paying by UPI: a code for the phone beside this screen, a link for the phone that is this screen, an ID for both. */
import { useCheckout } from './context.ts'
import { Field, Input } from './Field.tsx'
import { PayButton, useSubmit } from './PayButton.tsx'
import { Scan } from './Scan.tsx'

export function UpiPanel() {
  const { form, words } = useCheckout()
  const submit = useSubmit()
  return (
    <>
      <Scan />
      <p class="or">
        <span>{words.or}</span>
      </p>
      <form class="form" data-test-id="upi-form" noValidate onSubmit={submit}>
        <Field name="vpa" label={words.vpa} hint={words.vpaHint}>
          <Input
            name="vpa"
            testId="vpa-input"
            autocomplete="off"
            inputMode="email"
            placeholder="name@bank"
            noted
            value={form.value('vpa')}
            onInput={(input) => form.set('vpa', input.value.trim())}
          />
        </Field>
        <PayButton />
      </form>
    </>
  )
}
