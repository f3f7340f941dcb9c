/**
 * What checkout.js and the frame say to each other by postMessage, and how the one hands the other its options. Both sides
 * build from this file, so the two cannot drift.
 *
 * Options travel in the fragment of the frame's address: it is there before the first paint, so nothing flashes in the wrong theme,
 * and unlike a query it is never sent to a server or written to a log.
 */
import type { CloseReason, FailedPayment, PaidPayment, Prefill, Theme } from './loader/index.d.ts'

/** From the frame to the merchant's page. */
export type FrameMessage =
  /** The frame has loaded and takes over closing: `close_requested` will be answered. */
  | { type: 'ready' }
  | { type: 'payment_created'; data: { paymentId: string } }
  | { type: 'payment_success'; data: PaidPayment }
  | { type: 'payment_failed'; data: FailedPayment }
  | { type: 'close_modal'; data: { reason: CloseReason } }
  /** The answer to `close_requested` when the shopper is asked first. */
  | { type: 'close_held' }

/** From checkout.js to the frame: the shopper pressed the cross, or Escape outside the frame. */
export interface CloseRequest {
  type: 'close_requested'
}

/** What the fragment carries, as JSON. */
export interface FrameOptions {
  /** Of the page that shows the frame: the only one that the frame listens and talks to. */
  origin?: string
  clientSecret?: string
  locale?: string
  theme?: Theme
  prefill?: Prefill
}

export function writeFragment(options: FrameOptions): string {
  return `#${encodeURIComponent(JSON.stringify(options))}`
}

/** Nothing when there is none, or none that can be read: a page that was opened by hand has no options. */
export function readFragment(hash: string): FrameOptions {
  try {
    const options: unknown = JSON.parse(decodeURIComponent(hash.slice(1)))
    return typeof options === 'object' && options !== null ? options : {}
  } catch {
    return {}
  }
}
