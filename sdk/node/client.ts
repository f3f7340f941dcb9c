/**
 * The gateway as a Node program calls it: one object, a property a resource, a method a call.
 *
 *   const gateway = new Gateway({ apiKey, apiSecret })
 *   const payment = await gateway.payments.create({ order_id, method: 'upi', vpa })
 *   for await (const refund of gateway.refunds.all({ status: 'pending' })) ...
 */
import { type Page, walk } from './pages.ts'
import { type StreamOptions, streamEvents } from './stream.ts'
import { type CallOptions, type GatewayOptions, type Query, Transport } from './transport.ts'
import type * as api from './types.ts'

const V1 = '/api/v1'
const at = (path: string, id: string, action = ''): string => `${V1}/${path}/${encodeURIComponent(id)}${action}`

/** What every list can do. */
class Listed<Row, Asked extends object> {
  protected readonly transport: Transport
  readonly #path: string

  constructor(transport: Transport, path: string) {
    this.transport = transport
    this.#path = path
  }

  /** One page, newest first. */
  list(query: Asked = {} as Asked): Promise<Page<Row>> {
    return this.transport.call({ method: 'GET', path: `${V1}/${this.#path}`, query: query as Query })
  }

  /** Every row that fits, page by page as they are asked for. */
  all(query: Asked = {} as Asked): AsyncGenerator<Row> {
    return walk<Row, Asked>((asked) => this.list(asked), query)
  }

  protected post<Answer>(path: string, body: unknown, options: CallOptions = {}): Promise<Answer> {
    return this.transport.call({ method: 'POST', path, body, ...options })
  }

  protected read<Answer>(path: string): Promise<Answer> {
    return this.transport.call({ method: 'GET', path })
  }
}

class Orders extends Listed<api.Order, api.OrderQuery> {
  create(order: api.NewOrder, options?: CallOptions): Promise<api.CreatedOrder> {
    return this.post(`${V1}/orders`, order, options)
  }

  get(id: string): Promise<api.Order> {
    return this.read(at('orders', id))
  }
}

class Payments extends Listed<api.Payment, api.PaymentQuery> {
  /** Answers at once, `pending`; what becomes of it, a webhook tells, or the event stream. */
  create(payment: api.NewPayment, options?: CallOptions): Promise<api.AcceptedPayment> {
    return this.post(`${V1}/payments`, payment, options)
  }

  get(id: string): Promise<api.Payment> {
    return this.read(at('payments', id))
  }

  /** All of it, or once a part; the rest is released. */
  capture(id: string, capture: api.NewCapture = {}, options?: CallOptions): Promise<api.Payment> {
    return this.post(at('payments', id, '/capture'), capture, options)
  }

  cancel(id: string, options?: CallOptions): Promise<api.Payment> {
    return this.post(at('payments', id, '/cancel'), {}, options)
  }

  refund(id: string, refund: api.NewRefund, options?: CallOptions): Promise<api.AcceptedRefund> {
    return this.post(at('payments', id, '/refunds'), refund, options)
  }

  timeline(id: string): Promise<api.Timeline> {
    return this.read(at('payments', id, '/timeline'))
  }
}

class Refunds extends Listed<api.Refund, api.RefundQuery> {
  get(id: string): Promise<api.Refund> {
    return this.read(at('refunds', id))
  }
}

class Events extends Listed<api.GatewayEvent, api.EventQuery> {
  get(id: string): Promise<api.GatewayEvent> {
    return this.read(at('events', id))
  }

  /** As they happen, for as long as you read. */
  stream(options: StreamOptions = {}): AsyncGenerator<api.GatewayEvent> {
    return streamEvents(this.transport, options)
  }
}

class Webhooks extends Listed<api.Webhook, api.WebhookQuery> {
  get(id: string): Promise<api.WebhookDetails> {
    return this.read(at('webhooks', id))
  }

  retry(id: string, options?: CallOptions): Promise<{ id: string; status: 'pending'; message: string }> {
    return this.post(at('webhooks', id, '/retry'), {}, options)
  }

  /** Where events go, and the secret that signs them. */
  config(): Promise<api.WebhookConfig> {
    return this.read(`${V1}/webhooks/config`)
  }

  /** null: nowhere. */
  setUrl(url: string | null): Promise<api.WebhookConfig> {
    return this.transport.call({ method: 'PUT', path: `${V1}/webhooks/config`, body: { webhook_url: url } })
  }

  test(options?: CallOptions): Promise<api.TestEvent> {
    return this.post(`${V1}/webhooks/test`, {}, options)
  }

  /** Why a signature does not verify. */
  explain(received: api.ReceivedWebhook): Promise<api.WebhookExplanation> {
    return this.post(`${V1}/webhooks/explain`, received)
  }
}

class WebhookEndpoints extends Listed<api.WebhookEndpoint, api.ListQuery> {
  create(endpoint: api.NewWebhookEndpoint, options?: CallOptions): Promise<api.WebhookEndpoint> {
    return this.post(`${V1}/webhook_endpoints`, endpoint, options)
  }

  get(id: string): Promise<api.WebhookEndpoint> {
    return this.read(at('webhook_endpoints', id))
  }

  update(id: string, changes: api.WebhookEndpointChanges): Promise<api.WebhookEndpoint> {
    return this.transport.call({ method: 'PATCH', path: at('webhook_endpoints', id), body: changes })
  }

  delete(id: string): Promise<{ id: string; deleted: true }> {
    return this.transport.call({ method: 'DELETE', path: at('webhook_endpoints', id) })
  }
}

class WebhookReplays extends Listed<api.WebhookReplay, api.ListQuery> {
  create(replay: api.NewWebhookReplay, options?: CallOptions): Promise<api.WebhookReplay> {
    return this.post(`${V1}/webhook_replays`, replay, options)
  }

  get(id: string): Promise<api.WebhookReplay> {
    return this.read(at('webhook_replays', id))
  }
}

class ApiKeys extends Listed<api.ApiKey, api.ListQuery> {
  /** Its secret is shown this once. */
  create(key: api.NewApiKey = {}, options?: CallOptions): Promise<api.CreatedApiKey> {
    return this.post(`${V1}/api_keys`, key, options)
  }

  /** A new key in place of this one, which goes on for `grace_seconds`. */
  roll(key: string, roll: api.ApiKeyRoll = {}, options?: CallOptions): Promise<api.CreatedApiKey> {
    return this.post(at('api_keys', key, '/roll'), roll, options)
  }

  revoke(key: string): Promise<api.ApiKey> {
    return this.transport.call({ method: 'DELETE', path: at('api_keys', key) })
  }
}

class Merchant {
  readonly #transport: Transport

  constructor(transport: Transport) {
    this.#transport = transport
  }

  profile(): Promise<api.Merchant> {
    return this.#transport.call({ method: 'GET', path: `${V1}/merchants/profile` })
  }

  update(changes: api.ProfileChanges): Promise<api.Merchant> {
    return this.#transport.call({ method: 'PATCH', path: `${V1}/merchants/profile`, body: changes })
  }

  /** What happened under an idempotency key in the last 24 h. */
  idempotencyKey(key: string): Promise<api.IdempotencyKey> {
    return this.#transport.call({ method: 'GET', path: at('idempotency_keys', key) })
  }
}

export class Gateway {
  readonly orders: Orders
  readonly payments: Payments
  readonly refunds: Refunds
  readonly events: Events
  readonly webhooks: Webhooks
  readonly webhookEndpoints: WebhookEndpoints
  readonly webhookReplays: WebhookReplays
  readonly apiKeys: ApiKeys
  readonly auditLog: Listed<api.AuditLine, api.AuditQuery>
  readonly merchant: Merchant

  constructor(options: GatewayOptions) {
    const transport = new Transport(options)
    this.orders = new Orders(transport, 'orders')
    this.payments = new Payments(transport, 'payments')
    this.refunds = new Refunds(transport, 'refunds')
    this.events = new Events(transport, 'events')
    this.webhooks = new Webhooks(transport, 'webhooks')
    this.webhookEndpoints = new WebhookEndpoints(transport, 'webhook_endpoints')
    this.webhookReplays = new WebhookReplays(transport, 'webhook_replays')
    this.apiKeys = new ApiKeys(transport, 'api_keys')
    this.auditLog = new Listed(transport, 'audit_log')
    this.merchant = new Merchant(transport)
  }
}
