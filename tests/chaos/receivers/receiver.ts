/** The receivers of a chaos run: who wants which events, how each behaves, and what it wrote down. */
export const RECEIVERS = ['steady', 'slow', 'failing', 'gone'] as const
export type Receiver = (typeof RECEIVERS)[number]

/** A webhook that came and was thanked for. */
export interface Hit {
  receiver: Receiver
  /** ms since the epoch */
  at: number
  /** The event's. */
  id: string
  /** SHA-256 of the body. */
  digest: string
  /** The signature was ours. */
  signed: boolean
}

export interface Subscription {
  events: string[]
  /** Seconds. Long for those who live, so that no outage of a run uses it up. */
  intervals: number[]
}

const PATIENT = [1, 1, 2, 2, 3, 3, ...Array.from({ length: 60 }, () => 4)]

/** `gone` is a port where nobody listens. */
export const SUBSCRIPTIONS: Record<Receiver, Subscription> = {
  steady: { events: ['*'], intervals: PATIENT },
  slow: { events: ['payment.captured', 'payment.canceled'], intervals: PATIENT },
  failing: { events: ['refund.*'], intervals: PATIENT },
  gone: { events: ['payment.failed'], intervals: [1, 2] },
}
