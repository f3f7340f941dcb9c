/** How payments come in and go out, and how long the bank takes: the two curves that bend first when something is wrong. */
import type { PaymentSeries } from '../../data/types.ts'
import { rate } from '../../format/number.ts'
import { span } from '../../format/time.ts'
import { Legend, type Line, Plot } from '../../kit/plot.tsx'

export function Throughput(props: { series: PaymentSeries }) {
  const perSecond = (pick: (point: PaymentSeries['points'][number]) => number) =>
    complete(props.series).map((point) => pick(point) / (props.series.step_ms / 1_000))
  const lines = (): Line[] => [
    { name: 'accepted', look: 'ink', area: true, values: perSecond(({ accepted }) => accepted) },
    { name: 'settled', look: 'good', values: perSecond(({ settled }) => settled) },
  ]
  const latest = (line: Line) => `${rate(line.values.at(-1) ?? 0)}/s`
  return (
    <section class="cell">
      <div class="cell-head">
        <h2>Throughput</h2>
        <Legend lines={lines().map((line) => ({ ...line, latest: latest(line) }))} />
      </div>
      <Plot
        label={`Payments a second: ${lines()
          .map((line) => `${line.name} ${latest(line)}`)
          .join(', ')} at the end of the period.`}
        lines={lines()}
        axis={(value) => `${Number(value.toPrecision(2))}/s`}
        {...periodOf(props.series)}
      />
    </section>
  )
}

export function Decision(props: { series: PaymentSeries }) {
  const lines = (): Line[] => [
    { name: 'p50', look: 'ink', values: complete(props.series).map(({ p50_ms: ms }) => ms) },
    { name: 'p99', look: 'soft', values: complete(props.series).map(({ p99_ms: ms }) => ms) },
  ]
  const latest = ({ values }: Line) => {
    const last = values.findLast((value) => value !== null)
    return last === undefined || last === null ? 'none yet' : span(last)
  }
  return (
    <section class="cell">
      <div class="cell-head">
        <h2>From accepted to decided</h2>
        <Legend lines={lines().map((line) => ({ ...line, latest: latest(line) }))} />
      </div>
      <Plot
        label={`Time from accepted to decided: ${lines()
          .map((line) => `${line.name} ${latest(line)}`)
          .join(', ')} where it was last measured.`}
        lines={lines()}
        axis={(value) => span(value).replace(/\.0(?=\D)/, '')}
        {...periodOf(props.series)}
      />
    </section>
  )
}

/** Without the step that has only just begun: half a step's count would look like a fall. */
function complete({ points }: PaymentSeries): PaymentSeries['points'] {
  return points.slice(0, -1)
}

function periodOf({ from, step_ms: stepMs, points }: PaymentSeries) {
  const fromMs = Date.parse(from)
  return { fromMs, toMs: fromMs + stepMs * Math.max(1, points.length - 1) }
}
