/** A replay as its actor sees it: a job that sends again what a merchant names, page by page, at a pace the receiver can take. */

export interface WebhookReplay {
  id: string
  merchantId: string
  /** selected: these deliveries, whatever became of them. failed: of a period. missing: events of a period that an endpoint never got. */
  source: 'selected' | 'failed' | 'missing'
  /** null: of every endpoint. */
  endpointId: string | null
  /** Ids of deliveries; null unless selected. */
  selected: string[] | null
  /** The period, ISO 8601, its end not included; null when selected. */
  since: string | null
  until: string | null
  /** Deliveries a second. */
  rate: number
  status: 'running' | 'completed' | 'canceled'
  /** Deliveries handed out so far. */
  replayed: number
  /** The last delivery or event that was looked at, as text; null: none. */
  place: string | null
  /** ISO 8601 */
  endedAt: string | null
}

/** What one page hands out: a delivery to start over, or an event to deliver anew. */
export type ReplayRow =
  | { deliveryId: string }
  | {
      newDeliveryId: string
      eventId: string /** As Postgres prints it: a Date would cut its microseconds. */
      eventAt: string
    }
