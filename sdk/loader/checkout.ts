/**
 * checkout.js: what a merchant pastes into a page. It puts a dialog with a frame over the page and carries four callbacks; what is
 * typed into the frame never comes near it. Three kilobytes, no framework, nothing global but `PaymentGateway`.
 */
import type { CloseReason, GatewayEvents, PaymentGatewayOptions, PaymentGateway as Public } from './index.d.ts'
import { Modal } from './modal.ts'
import { checkoutOrigin } from './origin.ts'

type Listener = (data: never) => void

let shown: PaymentGateway | undefined

class PaymentGateway implements Public {
  readonly #options: PaymentGatewayOptions
  readonly #listeners = new Map<keyof GatewayEvents, Set<Listener>>()
  #modal: Modal | undefined

  constructor(options: PaymentGatewayOptions) {
    for (const name of ['key', 'orderId'] as const) {
      if (!options?.[name]) throw new TypeError(`PaymentGateway: ${name} is missing`)
    }
    this.#options = { ...options }
  }

  open(): void {
    if (this.#modal) return
    shown?.close()
    shown = this
    this.#modal = new Modal(checkoutOrigin, this.#options, {
      tell: (message) => {
        if (message.type === 'payment_success') this.#call(this.#options.onSuccess, message.data)
        if (message.type === 'payment_failed') this.#call(this.#options.onFailure, message.data)
        this.#emit(message.type, ('data' in message ? message.data : undefined) as never)
      },
      closed: (reason) => this.#closed(reason),
    })
    this.#emit('open', undefined)
  }

  close(): void {
    this.#modal?.close('closed')
  }

  on<Name extends keyof GatewayEvents>(name: Name, listener: (data: GatewayEvents[Name]) => void): () => void {
    const listeners = this.#listeners.get(name) ?? new Set()
    this.#listeners.set(name, listeners.add(listener as Listener))
    return () => listeners.delete(listener as Listener)
  }

  #closed(reason: CloseReason): void {
    this.#modal = undefined
    if (shown === this) shown = undefined
    this.#call(this.#options.onClose, reason)
    this.#emit('close', { reason })
  }

  #emit<Name extends keyof GatewayEvents>(name: Name, data: GatewayEvents[Name]): void {
    for (const listener of this.#listeners.get(name) ?? []) this.#call(listener as (data: unknown) => void, data)
  }

  /** What the merchant's code throws is the merchant's to see, and must not keep a modal open. */
  #call<Data>(callback: ((data: Data) => void) | undefined, data: Data): void {
    try {
      callback?.(data)
    } catch (error) {
      setTimeout(() => {
        throw error
      })
    }
  }
}

window.PaymentGateway = PaymentGateway
