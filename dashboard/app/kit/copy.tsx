/** Copies, and says that it did: a tick in place of the icon, and a word for who does not see it. */
import { createSignal, onCleanup } from 'solid-js'
import { Icon } from './icon.tsx'
import { toast } from './toast.tsx'

const SHOWN_MS = 1_500

function createCopy(text: () => string) {
  const [copied, setCopied] = createSignal(false)
  let timer: ReturnType<typeof setTimeout> | undefined
  onCleanup(() => clearTimeout(timer))
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text())
    } catch {
      toast({ state: 'failed', text: 'The browser did not allow copying. Select the text and copy it yourself.' })
      return
    }
    setCopied(true)
    clearTimeout(timer)
    timer = setTimeout(() => setCopied(false), SHOWN_MS)
  }
  return { copied, copy }
}

/** A small icon beside what it copies. `label` says what that is: "Copy the id". */
export function CopyIcon(props: { text: string; label: string }) {
  const { copied, copy } = createCopy(() => props.text)
  return (
    <button class="copy" type="button" aria-label={copied() ? 'Copied' : props.label} onClick={copy}>
      <Icon name={copied() ? 'check' : 'copy'} />
    </button>
  )
}

export function CopyButton(props: { text: string }) {
  const { copied, copy } = createCopy(() => props.text)
  return (
    <button class="btn plain" type="button" onClick={copy}>
      <Icon name={copied() ? 'check' : 'copy'} />
      {copied() ? 'Copied' : 'Copy'}
    </button>
  )
}
