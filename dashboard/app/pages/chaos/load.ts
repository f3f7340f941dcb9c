/** A load of payments, made by this page while it is open: every one a real call with a real outcome. */
import { createSignal, onCleanup } from 'solid-js'
import { post } from '../../data/api.ts'

/** Mostly good ones, as in life; each outcome is spoken in the instrument. */
const INSTRUMENTS = [
  'success@sim',
  'success.0s@sim',
  'success@sim',
  'insufficient_funds@sim',
  'success@sim',
  'duplicate@sim',
]
const AMOUNTS = [50_000, 12_900, 89_900, 24_900]
export const MAX_LOAD = 50
/** Calls under way at once; a gateway that does not keep up is not flooded. */
const AT_ONCE = 20

export interface Load {
  perSecond: () => number
  set: (perSecond: number) => void
  /** Accepted since the page was opened. */
  accepted: () => number
  refused: () => number
}

export function createLoad(): Load {
  const [perSecond, setPerSecond] = createSignal(0)
  const [accepted, setAccepted] = createSignal(0)
  const [refused, setRefused] = createSignal(0)
  let timer: ReturnType<typeof setInterval> | undefined
  let underWay = 0
  let sent = 0
  const pay = async () => {
    if (underWay >= AT_ONCE) return
    underWay++
    sent++
    const order = `load_${Date.now().toString(36)}_${sent}`
    const body = {
      order_id: order,
      amount: AMOUNTS[sent % AMOUNTS.length],
      currency: 'INR',
      method: 'upi',
      vpa: INSTRUMENTS[sent % INSTRUMENTS.length],
    }
    try {
      await post('/api/v1/payments', body, order)
      setAccepted((n) => n + 1)
    } catch {
      setRefused((n) => n + 1)
    } finally {
      underWay--
    }
  }
  const set = (next: number) => {
    setPerSecond(next)
    clearInterval(timer)
    if (next > 0) timer = setInterval(() => void pay(), 1_000 / next)
  }
  onCleanup(() => clearInterval(timer))
  return { perSecond, set, accepted, refused }
}
