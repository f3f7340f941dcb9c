/** What commands print: JSON for programs and single objects, columns for lists that people read. */

export function printJson(value: unknown): void {
  console.log(JSON.stringify(value, null, 2))
}

/** Columns as wide as their widest cell; numbers to the right. */
export function printTable(rows: (string | number | null | undefined)[][]): void {
  const cells = rows.map((row) => row.map((cell) => ({ text: String(cell ?? '-'), number: typeof cell === 'number' })))
  const widths = (cells[0] ?? []).map((_, n) => Math.max(...cells.map((row) => row[n]?.text.length ?? 0)))
  for (const row of cells) {
    const line = row.map(({ text, number }, n) =>
      number ? text.padStart(widths[n] ?? 0) : text.padEnd(widths[n] ?? 0),
    )
    console.log(line.join('  ').trimEnd())
  }
}

/** Minor units in words, as people write them in this currency: 50000 INR is ₹500.00. */
export function money(amount: number, currency: string): string {
  const format = new Intl.NumberFormat('en-IN', { style: 'currency', currency })
  return format.format(amount / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2))
}
