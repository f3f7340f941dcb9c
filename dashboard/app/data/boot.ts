/** What the server knew when it sent the page: who is signed in, and where the gateway's other doors are. */

export interface Account {
  /** null: an operator without a merchant of its own. */
  merchant: { id: string; name: string; email: string; test: boolean } | null
  roles: ('merchant' | 'operator')[]
  /** The key that the snippets carry; null when the merchant has none left. */
  api_key: string | null
}

export interface Boot {
  /** null: nobody is signed in. */
  account: Account | null
  /** The API does not answer, so nobody knows who this is. */
  away: boolean
  /** In demo mode the test merchant's pair is everybody's, so the page may show it. */
  demo: { api_key: string; api_secret: string } | null
  api_url: string
  checkout_url: string
  version: string
}

function read(): Boot {
  const boot: Boot | null = JSON.parse(document.getElementById('boot')?.textContent ?? 'null')
  if (!boot) throw new Error('the page came without its data: it must be served by the dashboard')
  return boot
}

export const boot: Boot = read()

export function isOperator(): boolean {
  return boot.account?.roles.includes('operator') ?? false
}

/** The merchant who is signed in. Pages of merchants are not routed for anybody else. */
export function merchant(): NonNullable<Account['merchant']> {
  if (!boot.account?.merchant) throw new Error('no merchant is signed in')
  return boot.account.merchant
}
