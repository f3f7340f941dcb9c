/** What the frame was opened with: the order and key in the query, what the merchant chose in the fragment, the API's address in the page. */
import { type FrameOptions, readFragment } from '../messages.ts'

export interface Options extends FrameOptions {
  orderId: string
  /** null: the order's own merchant, if a test merchant. */
  key: string | null
  /** In a frame of checkout.js; else a page of its own. */
  embedded: boolean
  /** Where a hosted page goes back to. */
  returnUrl: string | undefined
  apiUrl: string
}

export function readOptions(): Options {
  const query = new URLSearchParams(location.search)
  const chosen = readFragment(location.hash)
  return {
    ...chosen,
    origin: chosen.origin ?? referrerOrigin(),
    locale: chosen.locale ?? query.get('locale') ?? undefined,
    orderId: query.get('order_id') ?? '',
    key: query.get('key'),
    embedded: query.get('embedded') === 'true' && window.parent !== window,
    returnUrl: query.get('return_url') ?? undefined,
    apiUrl: document.documentElement.dataset.api ?? location.origin,
  }
}

/** Of a page that made the frame by itself, without checkout.js. */
function referrerOrigin(): string | undefined {
  const page = document.referrer || location.ancestorOrigins?.[0]
  return page ? new URL(page).origin : undefined
}
