/**
 * The dialog over the merchant's page, from open to torn down. A native <dialog>: it makes the rest of the page inert, and brings
 * the focus back, without a line of ours.
 *
 * Nothing here needs a hole in the page's Content-Security-Policy: styles are an adopted style sheet object, elements are made one
 * by one, no attribute holds style or script.
 */
import type { CloseRequest, FrameMessage } from '../messages.ts'
import { writeFragment } from '../messages.ts'
import type { CloseReason, PaymentGatewayOptions } from './index.d.ts'
import css from './loader.css?inline'

export interface ModalListener {
  /** Something that the merchant wants to know. */
  tell(message: Exclude<FrameMessage, { type: 'close_modal' | 'close_held' }>): void
  /** Once. */
  closed(reason: CloseReason): void
}

/** A frame that has not answered by then is not going to: it was refused, or its server is away. ms */
const READY_WITHIN = 20_000
/** What a living frame needs to answer that it wants to ask first, or may go. ms */
const ANSWER_WITHIN = 500

let sheet: CSSStyleSheet | undefined

export class Modal {
  readonly #origin: string
  readonly #listener: ModalListener
  readonly #dialog = document.createElement('dialog')
  readonly #frame = document.createElement('iframe')
  readonly #opener = document.activeElement
  readonly #teardown = new AbortController()
  #ready = false
  #timer: ReturnType<typeof setTimeout> | undefined

  /** Shows it. `origin` is the frame's. */
  constructor(origin: string, options: PaymentGatewayOptions, listener: ModalListener) {
    this.#origin = origin
    this.#listener = listener
    this.#build(options)
    adoptStyles()
    this.#listen()
    document.body.append(this.#dialog)
    this.#dialog.showModal()
    lockScroll()
    this.#after(READY_WITHIN, () => this.#unreachable())
  }

  close(reason: CloseReason): void {
    if (this.#teardown.signal.aborted) return
    this.#teardown.abort()
    clearTimeout(this.#timer)
    document.documentElement.classList.remove('pg-locked', 'pg-gutter')
    this.#dialog.close()
    this.#dialog.remove()
    if (this.#opener instanceof HTMLElement) this.#opener.focus()
    this.#listener.closed(reason)
  }

  #build({ key, orderId, clientSecret, locale, theme, prefill }: PaymentGatewayOptions): void {
    const [dialog, frame] = [this.#dialog, this.#frame]
    dialog.id = 'payment-gateway-modal'
    dialog.className = 'pg-modal'
    dialog.dataset.testId = 'payment-modal'
    dialog.setAttribute('aria-label', 'Payment')
    frame.className = 'pg-frame'
    frame.dataset.testId = 'payment-iframe'
    frame.title = 'Payment'
    const query = new URLSearchParams({ order_id: orderId, key, embedded: 'true' })
    if (theme?.mode === 'light' || theme?.mode === 'dark') {
      // Also for the server, so that the first paint is right.
      query.set('theme', theme.mode)
      dialog.style.colorScheme = theme.mode
    }
    const options = { origin: location.origin, clientSecret, locale, theme, prefill }
    frame.src = `${this.#origin}/checkout?${query}${writeFragment(options)}`
    dialog.append(
      frame,
      closeButton(() => this.#requestClose()),
    )
  }

  #listen(): void {
    const { signal } = this.#teardown
    addEventListener('message', (event) => this.#hear(event), { signal })
    // Escape outside the frame. A second one in a row may not be cancelled, and closes the dialog whatever is said here.
    const onCancel = (event: Event) => {
      event.preventDefault()
      this.#requestClose()
    }
    this.#dialog.addEventListener('cancel', onCancel, { signal })
    this.#dialog.addEventListener('close', () => this.close('dismissed'), { signal })
  }

  #hear({ source, origin, data }: MessageEvent): void {
    if (source !== this.#frame.contentWindow || origin !== this.#origin || typeof data?.type !== 'string') return
    const message: FrameMessage = data
    // Whatever it says, it lives.
    clearTimeout(this.#timer)
    this.#ready = true
    if (message.type === 'close_modal') this.close(message.data?.reason ?? 'dismissed')
    else if (message.type !== 'close_held') this.#listener.tell(message)
  }

  /** The frame knows whether a payment is under way and asks the shopper; one that can't answer has nothing to lose. */
  #requestClose(): void {
    if (!this.#ready) return this.close('dismissed')
    const request: CloseRequest = { type: 'close_requested' }
    // The question stands in there; only a frame that has the focus may move it.
    this.#frame.focus()
    this.#frame.contentWindow?.postMessage(request, this.#origin)
    this.#after(ANSWER_WITHIN, () => this.close('dismissed'))
  }

  #unreachable(): void {
    const description = `The checkout did not load. Is ${this.#origin} up, and is ${location.origin} one of the merchant's allowed origins?`
    this.#listener.tell({ type: 'payment_failed', data: { code: 'SERVER_ERROR', description } })
    this.close('failed')
  }

  #after(ms: number, then: () => void): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(then, ms)
  }
}

function closeButton(onClick: () => void): HTMLButtonElement {
  const button = document.createElement('button')
  button.type = 'button'
  button.className = 'pg-close'
  button.dataset.testId = 'close-modal-button'
  button.ariaLabel = 'Close'
  button.append(cross())
  button.addEventListener('click', onClick)
  return button
}

/** Node by node, not by innerHTML: a page may require trusted types. */
function cross(): SVGElement {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg')
  svg.setAttribute('viewBox', '0 0 16 16')
  svg.ariaHidden = 'true'
  const path = document.createElementNS(svg.namespaceURI, 'path')
  path.setAttribute('d', 'm3.5 3.5 9 9m0-9-9 9')
  svg.append(path)
  return svg
}

/** The page behind must not scroll, nor jump when its scroll bar goes. */
function lockScroll(): void {
  const { classList, clientWidth } = document.documentElement
  if (innerWidth > clientWidth) classList.add('pg-gutter')
  classList.add('pg-locked')
}

function adoptStyles(): void {
  if (sheet) return
  sheet = new CSSStyleSheet()
  sheet.replaceSync(css)
  document.adoptedStyleSheets.push(sheet)
}
