/** The flight recorder: one line a commit, which together tell how the row came to be what it is. */
import type { Facts, Payment } from '../facts.ts'
import type { Invariant } from './invariant.ts'

const AT_BIRTH = {
  status: 'pending',
  canceled: false,
  captured_amount: null,
  amount_refunded: 0,
  error_code: null,
  error_description: null,
}

export const journalReplays: Invariant = {
  name: 'the journal has every commit once, and replays to what is stored',
  *check({ payments, journal }: Facts) {
    for (const payment of payments.values()) {
      const breach = (what: string) => ({ payment: payment.id, what })
      const lines = journal.get(payment.id) ?? []
      const versions = lines.map(({ version }) => version).join()
      const dense = Array.from({ length: payment.version }, (_, n) => n + 1).join()
      if (versions !== dense) yield breach(`journal has versions ${versions}, the row is at ${payment.version}`)
      const replayed = Object.assign({}, AT_BIRTH, ...lines.map(({ entry }) => entry.changed ?? {})) as Partial<Payment>
      for (const name of Object.keys(AT_BIRTH) as (keyof typeof AT_BIRTH)[]) {
        if (replayed[name] !== payment[name])
          yield breach(`${name} is ${payment[name]}, the journal says ${replayed[name]}`)
      }
      const turns = lines.flatMap(({ entry }) =>
        entry.changed && 'status' in entry.changed ? [entry.changed.status] : [],
      )
      if (turns.length > 1) yield breach(`the status changed ${turns.length} times: ${turns.join()}`)
    }
  },
}
