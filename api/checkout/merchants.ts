/** What the checkout may know of a merchant by a publishable key, or by an order of a test merchant's when there is no key. */
import type { Database, Statement } from '../../schema/database.ts'
import { GatewayError } from '../../schema/errors.ts'
import type { Merchant } from '../auth.ts'
import { Cache } from '../cache.ts'

export interface CheckoutMerchant extends Merchant {
  name: string
  /** As the merchant wrote them: `https://shop.example.com`. */
  allowedOrigins: string[]
}

const COLUMNS = 'm.id, m.num, m.test, m.idempotency_mismatch, m.name, m.allowed_origins'

const BY_KEY: Statement = {
  name: 'checkout_merchant_by_key',
  text: `select ${COLUMNS} from api_keys k join merchants m on m.id = k.merchant_id
    where k.key = $1 and (k.expires_at is null or k.expires_at > now())`,
}

/** An id that callers chose may exist at several merchants. Without a key the first test merchant to use it is meant. */
const BY_ORDER: Statement = {
  name: 'checkout_merchant_by_order',
  text: `select ${COLUMNS} from orders o join merchants m on m.id = o.merchant_id
    where o.id = $1 and m.test order by o.created_at limit 1`,
}

interface Row {
  id: string
  num: number
  test: boolean
  idempotency_mismatch: Merchant['idempotencyMismatch']
  name: string
  allowed_origins: string[]
}

/** How long a change of name or origins may stay unseen, ms. */
const TTL_MS = 5_000
const MAX_MERCHANTS = 10_000

export class CheckoutMerchants {
  readonly #byKey: Cache<CheckoutMerchant>
  readonly #byOrder: Cache<CheckoutMerchant>

  constructor(database: Database) {
    const cache = (statement: Statement) =>
      new Cache(
        async (text) => {
          const [row] = await database.run<Row>(statement, [text])
          return row ? merchantOf(row) : null
        },
        { max: MAX_MERCHANTS, ttlMs: () => TTL_MS },
      )
    this.#byKey = cache(BY_KEY)
    this.#byOrder = cache(BY_ORDER)
  }

  /** `key` null: by the order. Throws AUTHENTICATION_ERROR for an unknown key, NOT_FOUND_ERROR for an unknown order. */
  async find(key: string | null, orderId: string): Promise<CheckoutMerchant> {
    const found = key === null ? await this.#byOrder.read(orderId) : await this.#byKey.read(key)
    if (found) return found
    if (key === null) throw new GatewayError('NOT_FOUND_ERROR', 'Order not found', { field: 'order_id' })
    throw new GatewayError('AUTHENTICATION_ERROR', 'Invalid API credentials', { field: 'key' })
  }
}

function merchantOf({ id, num, test, idempotency_mismatch, name, allowed_origins }: Row): CheckoutMerchant {
  return {
    id,
    tenant: num.toString(36),
    test,
    idempotencyMismatch: idempotency_mismatch,
    name,
    allowedOrigins: allowed_origins,
  }
}
