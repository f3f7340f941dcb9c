/** What the API says, as it says it, with the call that asks for it. */
import { createSignal, Match, Switch } from 'solid-js'
import { boot } from '../../data/boot.ts'
import type { Payment, Refund, TimelineEntry } from '../../data/types.ts'
import { CopyIcon } from '../../kit/copy.tsx'
import { Json } from '../../kit/json.tsx'
import { Drawer } from '../../kit/overlay.tsx'
import { Seg } from '../../kit/seg.tsx'

const OBJECTS = [
  ['payment', 'Payment'],
  ['timeline', 'Timeline'],
  ['refunds', 'Refunds'],
] as const
type ObjectName = (typeof OBJECTS)[number][0]

export function Raw(props: {
  open: boolean
  payment: Payment
  timeline: readonly TimelineEntry[]
  refunds: readonly Refund[]
  onClose: () => void
}) {
  const [shown, setShown] = createSignal<ObjectName>('payment')
  const path = () => {
    if (shown() === 'refunds') return `/api/v1/refunds?payment_id=${props.payment.id}`
    return `/api/v1/payments/${props.payment.id}${shown() === 'timeline' ? '/timeline' : ''}`
  }
  const curl = () =>
    `curl ${boot.api_url}${path()} -H "X-Api-Key: ${boot.account?.api_key ?? 'KEY'}" -H "X-Api-Secret: ${boot.demo?.api_secret ?? 'SECRET'}"`
  return (
    <Drawer
      open={props.open}
      onClose={props.onClose}
      title="JSON"
      head={<Seg label="Object" options={OBJECTS} value={shown()} onChange={setShown} />}
    >
      <p class="drawer-note mono">
        GET {path()}
        <CopyIcon text={curl()} label="Copy as curl" />
      </p>
      <Switch>
        <Match when={shown() === 'payment'}>
          <Json value={props.payment} label="Payment as JSON" />
        </Match>
        <Match when={shown() === 'timeline'}>
          <Json value={{ data: props.timeline }} label="Timeline as JSON" />
        </Match>
        <Match when={shown() === 'refunds'}>
          <Json value={{ data: props.refunds }} label="Refunds as JSON" />
        </Match>
      </Switch>
    </Drawer>
  )
}
