/** The checkout's calls, as a browser makes them: from an origin, without a secret, and then with a token. */
import { type Answer, type House, TEST_KEY } from './house.ts'

export const CHECKOUT_ORIGIN = 'http://localhost:3001'

export type Token = Record<string, string>

export interface CheckoutCalls {
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>
  /** Opens a session with the test merchant's key, unless `fields` say another. */
  open(fields: object, origin?: string): Promise<Answer>
  /** The headers that pay an order. */
  tokenFor(orderId: string): Promise<Token>
  newOrder(): Promise<{ id: string; client_secret: string }>
  payUpi(token: Token, vpa?: string, headers?: Record<string, string>): Promise<Answer>
  payByCode(token: Token): Promise<Answer>
  /** The payment once it is decided, by its stream. */
  ended(token: Token, id: string): Promise<Answer['body']>
}

export function checkoutCalls(house: () => House): CheckoutCalls {
  const call: CheckoutCalls['call'] = (method, path, body, headers) =>
    house().call(method, path, {
      body,
      headers: { 'x-api-key': '', 'x-api-secret': '', origin: CHECKOUT_ORIGIN, ...headers },
    })
  const open: CheckoutCalls['open'] = (fields, origin = CHECKOUT_ORIGIN) =>
    call('POST', '/api/v1/checkout/sessions', { key: TEST_KEY, ...fields }, { origin })
  const pay = (body: object, headers: Record<string, string>) =>
    call('POST', '/api/v1/checkout/payments', body, headers)
  return {
    call,
    open,
    tokenFor: async (orderId) => ({ authorization: `Bearer ${(await open({ order_id: orderId })).body.token}` }),
    newOrder: async () => (await house().call('POST', '/api/v1/orders', { body: { amount: 50_000 } })).body,
    payUpi: (token, vpa = 'success@sim', headers = {}) => pay({ method: 'upi', vpa }, { ...token, ...headers }),
    payByCode: (token) => pay({ method: 'upi', flow: 'qr' }, token),
    async ended(token, id) {
      const { text } = await call('GET', `/api/v1/checkout/payments/${id}/stream`, undefined, token)
      return JSON.parse([...text.matchAll(/^data: (.*)$/gm)].at(-1)?.[1] ?? 'null')
    },
  }
}
