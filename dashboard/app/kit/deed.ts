/** Saving, from the click to the news of it: busy meanwhile, and what the API refuses stands under the form. */
import { createSignal } from 'solid-js'
import { wordsOf } from './notice.tsx'
import { toast } from './toast.tsx'

export function createDeed() {
  const [busy, setBusy] = createSignal(false)
  const [refusal, setRefusal] = createSignal<string | null>(null)
  /** True when it worked; `news` is what the toast says then. */
  const run = async (deed: () => Promise<unknown>, news: string): Promise<boolean> => {
    setBusy(true)
    setRefusal(null)
    try {
      await deed()
      toast({ state: 'success', title: news })
      return true
    } catch (error) {
      setRefusal(wordsOf(error))
      return false
    } finally {
      setBusy(false)
    }
  }
  return { busy, refusal, run }
}
