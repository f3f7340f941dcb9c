/** The list as a file: page after page by cursor, so that what comes in meanwhile neither repeats nor hides a row. */
import { get, type Params } from '../../data/api.ts'
import type { Page, Payment } from '../../data/types.ts'

/** More than that many rows are a report, not a list. */
const MAX_ROWS = 10_000
const PAGE = 100

const COLUMNS = [
  'id',
  'order_id',
  'amount',
  'currency',
  'method',
  'vpa',
  'card_network',
  'card_last4',
  'status',
  'captured',
  'canceled',
  'amount_captured',
  'amount_refunded',
  'error_code',
  'created_at',
] as const satisfies (keyof Payment)[]

/** Downloads what the filters let in, newest first. Answers how many rows that were, and whether there are more. */
export async function exportPayments(params: Params): Promise<{ rows: number; more: boolean }> {
  const lines: string[] = [COLUMNS.join(',')]
  let cursor: string | null = null
  do {
    const page: Page<Payment> = await get('/api/v1/payments', { ...params, limit: PAGE, offset: null, cursor })
    for (const payment of page.data) lines.push(COLUMNS.map((column) => cell(payment[column])).join(','))
    cursor = page.next_cursor
  } while (cursor !== null && lines.length <= MAX_ROWS)
  download(`payments-${new Date().toISOString().slice(0, 10)}.csv`, `${lines.join('\r\n')}\r\n`)
  return { rows: lines.length - 1, more: cursor !== null }
}

/** A cell that begins like a formula would be run by a spreadsheet: a quote before it makes it text. */
function cell(value: unknown): string {
  const text = String(value ?? '')
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

function download(name: string, text: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([text], { type: 'text/csv' }))
  link.download = name
  link.click()
  URL.revokeObjectURL(link.href)
}
