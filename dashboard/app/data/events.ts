/** Events as the feed reads them before the first one comes in live. */
import { query } from '@solidjs/router'
import { get } from './api.ts'
import type { GatewayEvent, Page } from './types.ts'

export const readEvents = query(
  (limit: number) => get<Page<GatewayEvent>>('/api/v1/events', { limit }).then(({ data }) => data),
  'events',
)
