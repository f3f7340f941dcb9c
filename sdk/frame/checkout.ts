/**
 * The checkout from opening to closing: which screen is shown, and what moves it on. The views only show it and call its actions;
 * what happens to the money happens at the server.
 */
import { batch, createSignal, type Signal } from 'solid-js'
import type { FailedPayment } from '../loader/index.d.ts'
import type { Instrument, Payment, Session } from './answers.ts'
import { Api, NoAnswer, Refusal } from './api.ts'
import { Attempts } from './attempt.ts'
import { follow } from './follow.ts'
import { createForm, type FieldName, type Form, type Method } from './form.ts'
import { formatAmount } from './format.ts'
import { openPatiently } from './opening.ts'
import type { Options } from './options.ts'
import { Parent } from './parent.ts'
import { returnAddress } from './return-address.ts'
import { closeReason, type Screen, type Stop, whyRefused } from './screens.ts'
import type { Words } from './words/index.ts'

const UNSCANNED = ['BANK_TIMEOUT', 'PAYMENT_CANCELED']

export class Checkout {
  readonly options: Options
  readonly words: Words
  readonly form: Form
  readonly #api: Api
  readonly #parent: Parent
  readonly #attempts: Attempts
  readonly #screen = createSignal<Screen>({ name: 'loading' })
  readonly #session = createSignal<Session>()
  readonly #method: Signal<Method>
  readonly #qr = createSignal<Payment>()
  readonly #sending = createSignal<'pay' | 'qr'>()
  readonly #connected = createSignal(true)
  readonly #asking = createSignal(false)
  readonly #said = createSignal('')
  #following = new AbortController()

  constructor(options: Options, words: Words) {
    this.options = options
    this.words = words
    this.form = createForm(words, options.prefill)
    this.#method = createSignal<Method>(options.prefill?.method === 'card' ? 'card' : 'upi')
    this.#parent = new Parent(options.embedded ? options.origin : undefined)
    this.#api = new Api(options.apiUrl, {
      key: options.key,
      order_id: options.orderId,
      client_secret: options.clientSecret,
      return_url: options.embedded ? undefined : options.returnUrl,
    })
    this.#attempts = new Attempts(this.#api, this.#connected[1])
  }

  screen = () => this.#screen[0]()
  session = () => this.#session[0]()
  method = () => this.#method[0]()
  /** A QR code on show: the payment that it stands for. */
  qr = () => this.#qr[0]()
  /** What is on its way to the server. */
  sending = () => this.#sending[0]()
  /** Whether the server can be heard. */
  connected = () => this.#connected[0]()
  /** The shopper is asked whether to leave. */
  asking = () => this.#asking[0]()
  /** For the live region. */
  said = () => this.#said[0]()
  orderId = () => this.session()?.order.id ?? this.options.orderId
  merchant = () => this.session()?.merchant.name ?? ''
  amount = () => {
    const order = this.session()?.order
    return order ? formatAmount(order.amount, order.currency, this.words.tag) : ''
  }

  /** Once, when the page is there. */
  start(): Promise<void> {
    this.#parent.tell({ type: 'ready' })
    this.#parent.onCloseRequest(() => this.requestClose())
    return this.open()
  }

  async open(): Promise<void> {
    this.#show({ name: 'loading' })
    try {
      const session = await openPatiently(this.#api)
      this.#session[1](session)
      if (session.order.payable) this.#show({ name: 'form' })
      else this.#stop('paid', { code: 'CONFLICT_ERROR', description: 'Order already paid' })
    } catch (error) {
      this.#refused(error, 'unavailable')
    }
  }

  /** Pays with what the form holds. Answers the first field that is wrong, for the focus to go to. */
  async pay(): Promise<FieldName | undefined> {
    const wrong = this.form.check(this.method())
    if (wrong.length > 0) {
      this.say(this.words.check(wrong.length))
      return wrong[0]
    }
    return this.#send('pay', this.form.instrument(this.method()), (payment) => this.#await(payment))
  }

  async showQr(): Promise<void> {
    await this.#send('qr', { method: 'upi', flow: 'qr' }, (payment) => {
      this.#qr[1](payment)
      this.#follow(payment, (now) => this.#qr[1](now))
    })
  }

  /** Hands the payment to the UPI app on this device. */
  async openApp(): Promise<void> {
    await this.#send('qr', { method: 'upi', flow: 'qr' }, (payment) => {
      this.#await(payment)
      if (payment.upi_link) location.href = payment.upi_link
    })
  }

  /** Gives up a code that has run out. */
  dropQr(): void {
    this.#following.abort()
    this.#qr[1](undefined)
  }

  choose(method: Method): void {
    this.#method[1](method)
  }

  say(text: string): void {
    this.#said[1](text)
  }

  /** Back to the form, which still holds what was typed. */
  retry(method: Method = this.method()): void {
    batch(() => {
      this.choose(method)
      this.#show({ name: 'form' })
    })
  }

  /** Asks first while the bank decides or a code may be under a camera. */
  requestClose(): void {
    if (this.screen().name !== 'waiting' && !this.qr()) return this.leave()
    this.#parent.tell({ type: 'close_held' })
    this.#asking[1](true)
  }

  stay(): void {
    this.#asking[1](false)
  }

  /** Away from here: the modal closes, a page of its own goes back to the shop. */
  leave(): void {
    this.#following.abort()
    this.#parent.tell({ type: 'close_modal', data: { reason: closeReason(this.screen(), this.qr()) } })
    const address = this.returnAddress()
    if (address) location.assign(address)
  }

  /** Undefined in a modal, and without an address that the merchant allows. */
  returnAddress(): string | undefined {
    const address = this.session()?.return_url
    const screen = this.screen()
    return address
      ? returnAddress(address, this.orderId(), 'payment' in screen ? screen.payment : undefined)
      : undefined
  }

  async #send(
    what: 'pay' | 'qr',
    instrument: Instrument,
    then: (payment: Payment) => void,
  ): Promise<FieldName | undefined> {
    // A double click is one payment.
    if (this.sending()) return undefined
    this.#sending[1](what)
    try {
      const payment = await this.#attempts.pay(instrument, this.qr()?.id)
      this.#parent.tell({ type: 'payment_created', data: { paymentId: payment.id } })
      batch(() => {
        this.dropQr()
        then(payment)
      })
      return undefined
    } catch (error) {
      return this.#refused(error, 'lost')
    } finally {
      this.#sending[1](undefined)
      this.#connected[1](true)
    }
  }

  #await(payment: Payment): void {
    const show = (now: Payment) => this.#show({ name: 'waiting', payment: now })
    show(payment)
    this.#follow(payment, show)
  }

  /** One payment at a time: a newer one has taken the place of a code that was on show. */
  #follow({ id }: Payment, show: (payment: Payment) => void): void {
    this.#following.abort()
    this.#following = new AbortController()
    const { signal } = this.#following
    follow(this.#api, id, { payment: show, connected: this.#connected[1] }, signal).then(
      (payment) => this.#decided(payment),
      () =>
        signal.aborted ||
        this.#stop('undecided', { code: 'SERVER_ERROR', description: 'The payment is not decided yet' }),
    )
  }

  #decided(payment: Payment): void {
    // A code that nobody scanned has run out: no news for somebody who is typing a card by now.
    if (this.qr() && UNSCANNED.includes(payment.error_code ?? '')) return this.dropQr()
    batch(() => {
      this.#qr[1](undefined)
      this.#asking[1](false)
      this.#connected[1](true)
      this.#show({ name: payment.status === 'success' ? 'paid' : 'failed', payment })
    })
    const { id: paymentId, order_id: orderId, signature = '', error_code: code = 'PAYMENT_FAILED' } = payment
    if (payment.status === 'success') {
      this.#parent.tell({ type: 'payment_success', data: { paymentId, orderId, signature } })
    } else {
      const description = payment.error_description ?? this.words.failed
      this.#parent.tell({ type: 'payment_failed', data: { code, description, paymentId } })
    }
  }

  /** Shows why it does not go on: at a field of the form, or on a screen of its own. `passing`: the screen for what may pass. */
  #refused(error: unknown, passing: Stop): FieldName | undefined {
    if (error instanceof NoAnswer) {
      this.#stop(passing === 'unavailable' ? 'offline' : passing, {
        code: 'SERVER_ERROR',
        description: 'The payment API cannot be reached',
      })
      return undefined
    }
    if (!(error instanceof Refusal)) throw error
    const field = this.form.refuse(error.code, error.message)
    if (field) this.say(this.form.error(field) ?? '')
    else this.#stop(error.isPassing ? passing : whyRefused(error), { code: error.code, description: error.message })
    return field
  }

  #stop(why: Stop, failure: FailedPayment): void {
    this.#show({ name: 'stopped', why })
    this.#parent.tell({ type: 'payment_failed', data: failure })
  }

  #show(screen: Screen): void {
    this.#screen[1](screen)
  }
}
