/** A run's report, twice: JSON for programs, and a page for people that needs nothing beside itself. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Spread } from './figures.ts'
import type { Outcome } from './run.ts'

/** Answers the path of the page. */
export function writeReport(folder: string, outcome: Outcome): string {
  writeFileSync(join(folder, 'report.json'), `${JSON.stringify(outcome, null, 2)}\n`)
  const path = join(folder, 'report.html')
  writeFileSync(path, page(outcome))
  return path
}

/** What the terminal shows at the end. */
export function summary({ seed, minutes, verdicts, faults, figures, broken }: Outcome): string {
  const lines = [
    '',
    `seed ${seed}, ${minutes} minutes, ${faults.length} faults`,
    ...Object.entries(figures.faults).map(([name, count]) => `  ${String(count).padStart(4)}  ${name}`),
    `payments: ${JSON.stringify(figures.payments)}, ${figures.refunds} refunds, ${figures.bankOperations} bank operations`,
    `calls: ${figures.calls.decided} decided, sent ${figures.calls.sent} times; ${figures.turns} turns; ${figures.failedStarts} starts repeated`,
    `webhooks: ${figures.events} events, ${figures.webhooks.deliveries} deliveries, ${figures.webhooks.received} received`,
    `kill to takeover: ${inWords(figures.takeover)}`,
    `accepted to decided: ${inWords(figures.decision)}`,
    '',
    ...verdicts.map(
      ({ invariant, count }) => `${count === 0 ? 'kept  ' : 'BROKEN'}  ${invariant}${count ? ` (${count})` : ''}`,
    ),
  ]
  if (broken) {
    const again = `npm run chaos -- --seed ${seed} --minutes ${minutes}`
    lines.push(
      '',
      `BROKEN: ${broken.invariant}`,
      `${broken.payment ?? ''} ${broken.what}`,
      ...broken.timeline,
      '',
      `again: ${again}`,
    )
  }
  return lines.join('\n')
}

function inWords({ count, p50, p99, max }: Spread): string {
  return count === 0 ? 'none' : `p50 ${p50} ms, p99 ${p99} ms, max ${max} ms, of ${count}`
}

const STYLE = `body{font:15px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem;color:#1c1f24}
table{border-collapse:collapse;width:100%;margin:1rem 0}td,th{text-align:left;padding:.25rem .75rem;border-bottom:1px solid #ddd;vertical-align:top}
.kept{color:#176b3a}.broken{color:#a3121f;font-weight:600}pre{background:#f4f5f7;padding:1rem;overflow:auto}td.n{text-align:right}`

function page(outcome: Outcome): string {
  const { seed, minutes, verdicts, faults, figures, broken, slowest } = outcome
  const begun = faults[0]?.from ?? 0
  const verdictRows = verdicts.map(
    ({ invariant, count, breaches }) =>
      `<tr><td class="${count ? 'broken' : 'kept'}">${count ? `broken ${count} times` : 'kept'}</td><td>${asText(invariant)}${breaches
        .map(({ payment, what }) => `<br><small>${asText(`${payment ?? ''} ${what}`)}</small>`)
        .join('')}</td></tr>`,
  )
  const faultRows = faults.map(
    ({ name, detail, from, to }) =>
      `<tr><td class="n">${((from - begun) / 1_000).toFixed(1)} s</td><td class="n">${to - from} ms</td><td>${asText(name)}</td><td>${asText(detail)}</td></tr>`,
  )
  const title = `Chaos, seed ${asText(seed)}, ${minutes} minutes: ${broken ? 'a promise was broken' : 'every promise was kept'}`
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>${title}</title><style>${STYLE}</style>
<h1>${title}</h1>
<h2>Promises</h2><table>${verdictRows.join('\n')}</table>
${broken ? `<h2>The first that was broken</h2><pre>${asText([`${broken.payment ?? ''} ${broken.what}`, ...broken.timeline].join('\n'))}</pre>` : ''}
<h2>Figures</h2><pre>${asText(summary({ ...outcome, verdicts: [], broken: null }))}
accepted to decided, ms: ${JSON.stringify(figures.decision)}</pre>
${slowest ? `<h2>The one that waited longest, ${slowest.ms} ms</h2><pre>${asText([slowest.payment, ...slowest.timeline].join('\n'))}</pre>` : ''}
<h2>Faults</h2><table><tr><th>at</th><th>for</th><th>fault</th><th></th></tr>
${faultRows.join('\n')}</table></html>
`
}

function asText(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`)
}
