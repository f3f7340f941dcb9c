/**
 * The results as a picture for the README: a bar for us, a bar for the peer, and how many times better that is. Bars of one line share
 * a scale, and nothing else does: requests and milliseconds can't be compared. Plain SVG, in colours that hold on light and dark.
 */
import type { Result } from './results.ts'

interface Row {
  name: string
  label: string
  peer: string
  /** Smaller is better. */
  lower?: true
}

const ROWS: Row[] = [
  { name: 'runtime-1', label: 'Messages through one worker, 1 an actor', peer: 'BullMQ' },
  { name: 'runtime-4', label: 'Messages through one worker, 4 an actor', peer: 'BullMQ' },
  { name: 'accept', label: 'Payments accepted, durable before the answer', peer: 'Fastify + pg + BullMQ' },
  { name: 'payments', label: 'Payments carried from the POST to the webhook', peer: 'Fastify + pg + BullMQ' },
  { name: 'latency-idle-p99', label: 'From a send to its handler, idle, p99', peer: 'BullMQ', lower: true },
  { name: 'timers-p99', label: 'Lateness of timers, 100,000 pending, p99', peer: 'BullMQ', lower: true },
  { name: 'recover-kill', label: 'Work of a killed worker taken over, worst', peer: 'BullMQ', lower: true },
]

const WIDTH = 760
const LEFT = 16
const BARS = 210
const BAR_WIDTH = 380
const ROW = 62
const TOP = 66

export function chart(results: Result[], machine: string): string {
  const rows = ROWS.flatMap((row) => {
    const result = results.find(({ name }) => name === row.name)
    return result?.peer == null
      ? []
      : [{ ...row, ours: result.ours, theirs: result.peer, unit: result.unit, ratio: result.ratio }]
  })
  const height = TOP + rows.length * ROW + 12
  const drawn = rows.map((row, i) => drawRow(row, TOP + i * ROW)).join('\n')
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-label="Benchmarks">
<style>
  text { font: 13px system-ui, -apple-system, 'Segoe UI', sans-serif; fill: #1f2328 }
  .title { font-size: 16px; font-weight: 600 }
  .quiet { fill: #59636e; font-size: 12px }
  .strong { font-weight: 600 }
  .ours { fill: #0969da }
  .peer { fill: #afb8c1 }
  .page { fill: #ffffff }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc } .quiet { fill: #9198a1 } .ours { fill: #4493f8 } .peer { fill: #656c76 } .page { fill: #0d1117 }
  }
</style>
<rect class="page" width="${WIDTH}" height="${height}" rx="6"/>
<text class="title" x="${LEFT}" y="28">This gateway beside its peers, in one run</text>
<text class="quiet" x="${LEFT}" y="48">${escaped(machine)}</text>
${drawn}
</svg>
`
}

function drawRow(row: Row & { ours: number; theirs: number; unit: string; ratio: number | null }, y: number): string {
  const longest = Math.max(row.ours, row.theirs)
  const bar = (value: number, kind: string, label: string, top: number) => {
    const width = Math.max(1, (BAR_WIDTH * value) / longest)
    return `<text class="quiet" x="${BARS - 8}" y="${top + 11}" text-anchor="end">${escaped(label)}</text>
<rect class="${kind}" x="${BARS}" y="${top}" width="${width.toFixed(1)}" height="14" rx="2"/>
<text class="quiet" x="${(BARS + width + 6).toFixed(1)}" y="${top + 11}">${value.toLocaleString('en')} ${escaped(row.unit)}</text>`
  }
  const times = row.ratio === null ? '' : `${Number(row.ratio.toPrecision(2))} x`
  const better = row.lower ? ' (shorter is better)' : ''
  return `<text x="${LEFT}" y="${y + 12}">${escaped(row.label)}<tspan class="quiet">${better}</tspan></text>
<text class="strong" x="${WIDTH - LEFT}" y="${y + 12}" text-anchor="end">${times}</text>
${bar(row.ours, 'ours', 'this gateway', y + 18)}
${bar(row.theirs, 'peer', row.peer, y + 35)}`
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}
