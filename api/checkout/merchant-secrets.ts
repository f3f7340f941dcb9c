/** The secret that a merchant's signatures are made with. It is opened when a payment has something to prove, and forgotten soon. */
import { GatewayError } from '../../schema/errors.ts'
import { Cache } from '../cache.ts'
import type { Services } from '../services.ts'

/** How long a rotated secret may still sign here, ms. */
const TTL_MS = 5_000
const MAX_SECRETS = 1_000

export class MerchantSecrets {
  readonly #cache: Cache<string>

  constructor({ database, vault }: Pick<Services, 'database' | 'vault'>) {
    const find = { name: 'checkout_webhook_secret', text: 'select webhook_secret from merchants where id = $1' }
    this.#cache = new Cache(
      async (merchantId) => {
        const [row] = await database.run<{ webhook_secret: Buffer }>(find, [merchantId])
        return row ? vault.open(row.webhook_secret) : null
      },
      { max: MAX_SECRETS, ttlMs: () => TTL_MS },
    )
  }

  /** Throws NOT_FOUND_ERROR for a merchant that is gone. */
  async of(merchantId: string): Promise<string> {
    const secret = await this.#cache.read(merchantId)
    if (secret === null) throw new GatewayError('NOT_FOUND_ERROR', 'Merchant not found')
    return secret
  }
}
