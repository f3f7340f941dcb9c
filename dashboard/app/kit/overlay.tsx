/**
 * Dialogs and drawers are the browser's own <dialog>: focus goes in and comes back to what opened it, Escape closes, and the
 * page behind is inert. A click beside it closes too, because nothing in here is lost by closing.
 */
import { createEffect, createUniqueId, type JSX, type ParentProps, Show } from 'solid-js'
import { Icon } from './icon.tsx'

interface OverlayProps {
  open: boolean
  onClose: () => void
}

/**
 * Opens and closes `element` as `open` says; what the browser closes is told to the owner. Escape is told as it is pressed, since the
 * event of the closing comes later: whoever has opened it again by then would see it shut.
 */
function Overlay(props: ParentProps<OverlayProps & { class: string; labelledBy?: string; label?: string }>) {
  let element!: HTMLDialogElement
  createEffect(() => {
    if (props.open && !element.open) element.showModal()
    if (!props.open && element.open) element.close()
  })
  const clickedBeside = (event: MouseEvent) => {
    if (event.target !== element) return
    const { left, right, top, bottom } = element.getBoundingClientRect()
    const inside = event.clientX >= left && event.clientX <= right && event.clientY >= top && event.clientY <= bottom
    if (!inside) props.onClose()
  }
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape is the dialog's own; this is the pointer's way to the same.
    <dialog
      ref={element}
      class={props.class}
      aria-labelledby={props.labelledBy}
      aria-label={props.label}
      onCancel={() => props.onClose()}
      onClose={() => !element.open && props.onClose()}
      onClick={clickedBeside}
    >
      <Show when={props.open}>{props.children}</Show>
    </dialog>
  )
}

/** A question with its consequence on the button. `onSubmit` is the form's; the foot holds its buttons. */
export function Dialog(
  props: ParentProps<OverlayProps & { title: string; onSubmit: () => void; foot: JSX.Element; busy?: boolean }>,
) {
  const id = createUniqueId()
  return (
    <Overlay open={props.open} onClose={props.onClose} class="dialog" labelledBy={id}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (!props.busy) props.onSubmit()
        }}
      >
        <h2 id={id}>{props.title}</h2>
        {props.children}
        <div class="dialog-foot">{props.foot}</div>
      </form>
    </Overlay>
  )
}

/** A look at something from the side. `head` stands beside the title. */
export function Drawer(props: ParentProps<OverlayProps & { title: string; head?: JSX.Element }>) {
  const id = createUniqueId()
  return (
    <Overlay open={props.open} onClose={props.onClose} class="drawer" labelledBy={id}>
      <div class="drawer-head">
        <h2 id={id}>{props.title}</h2>
        {props.head}
        <form method="dialog">
          <button class="btn plain" type="submit" aria-label="Close">
            <Icon name="cross" />
          </button>
        </form>
      </div>
      {props.children}
    </Overlay>
  )
}

export function PaletteBox(props: ParentProps<OverlayProps & { label: string }>) {
  return (
    <Overlay open={props.open} onClose={props.onClose} class="palette" label={props.label}>
      {props.children}
    </Overlay>
  )
}
