/** What only paper needs: whose receipt this is, and as of when. On the screen the rail and the clock say it. */
import { merchant } from '../../data/boot.ts'
import { fullMoment } from '../../format/time.ts'

export function Letterhead(props: { now: number }) {
  return (
    <header class="letterhead">
      <b>{merchant().name}</b>
      <span>Receipt of a payment{merchant().test ? ' in test mode: no money has moved' : ''}</span>
      <span class="num">as of {fullMoment(props.now)}</span>
    </header>
  )
}
