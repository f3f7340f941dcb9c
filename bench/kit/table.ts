/** The results as a table on the screen. */
import type { Result } from './results.ts'

const COLUMNS = ['', 'ours', 'peer', 'limit', 'ratio', 'goal', ''] as const

export function printTable(results: Result[]): void {
  const rows = results.map(cells)
  const widths = COLUMNS.map((title, i) => Math.max(title.length, ...rows.map((row) => (row[i] as string).length)))
  for (const row of [[...COLUMNS], ...rows]) {
    const padded = row.map((cell, i) =>
      i === 0 ? cell.padEnd(widths[i] as number) : cell.padStart(widths[i] as number),
    )
    console.log(padded.join('  ').trimEnd())
  }
}

function cells({ name, unit, ours, peer, limit, ratio, goal, met }: Result): string[] {
  const number = (value: number | null) => (value === null ? '' : value.toLocaleString('en'))
  const verdict = met === null ? '' : met ? 'met' : 'MISSED'
  return [`${name} (${unit})`, number(ours), number(peer), number(limit), number(ratio), number(goal), verdict]
}
