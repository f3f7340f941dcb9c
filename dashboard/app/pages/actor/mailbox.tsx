/** The mailbox, oldest first, and the sequence of commands as a lane that is cut where Postgres has handled them. */
import { For, Show } from 'solid-js'
import type { Actor } from '../../data/runtime.ts'
import { count } from '../../format/number.ts'
import { span } from '../../format/time.ts'
import { Badge } from '../../kit/badge.tsx'
import { TableRegion } from '../../kit/table.tsx'

export function Mailbox(props: { actor: Actor }) {
  const commands = () => props.actor.postgres.commands
  const due = () => props.actor.postgres.timers.filter(({ in_ms: ms }) => ms <= 0)
  return (
    <section class="cell">
      <div class="cell-head">
        <h2>Mailbox</h2>
        <span class="note">oldest first; a message stays until its turn is committed</span>
      </div>
      <Show
        when={commands().length + due().length > 0}
        fallback={<p class="soft">Empty: no command waits and no timer is due.</p>}
      >
        <TableRegion label="Mailbox">
          <table class="tbl fit">
            <thead>
              <tr>
                <th scope="col" class="end">
                  Seq
                </th>
                <th scope="col">Message</th>
                <th scope="col">From</th>
                <th scope="col" class="end">
                  Waiting
                </th>
              </tr>
            </thead>
            <tbody>
              <For each={due()}>
                {({ name, in_ms: ms }, index) => (
                  <tr aria-selected={index() === 0}>
                    <td />
                    <th scope="row">
                      {name.split(':', 1)[0]} {index() === 0 && <span class="note">head</span>}
                    </th>
                    <td class="mono faint">timer</td>
                    <td class="end num">{span(-ms)}</td>
                  </tr>
                )}
              </For>
              <For each={commands()}>
                {({ seq, name, waiting_ms: ms }, index) => (
                  <tr aria-selected={index() === 0 && due().length === 0}>
                    <td class="end num mono">{seq}</td>
                    <th scope="row">
                      {name} {index() === 0 && due().length === 0 && <span class="note">head</span>}
                    </th>
                    <td class="mono faint">API</td>
                    <td class="end num">{span(ms)}</td>
                  </tr>
                )}
              </For>
            </tbody>
          </table>
        </TableRegion>
      </Show>
      <p class="note num">
        {props.actor.redis ? `${count(props.actor.redis.depth)} doorbells in Redis` : 'Redis does not answer'}: they
        only say that something rang; what it was stands in Postgres.
      </p>
    </section>
  )
}

const BOX = 40
/** Commands of the lane on each side of the cut. */
const SIDE = 4

export function Sequence(props: { actor: Actor }) {
  const { postgres } = props.actor
  const handled = () => {
    const first = Math.max(1, props.actor.postgres.last_seq - SIDE + 1)
    return Array.from({ length: props.actor.postgres.last_seq - first + 1 }, (_, i) => first + i)
  }
  const waiting = () => props.actor.postgres.commands.slice(0, SIDE).map(({ seq }) => seq)
  const inStep = () => waiting().length === 0 || waiting()[0] === props.actor.postgres.last_seq + 1
  const cutAt = () => handled().length * BOX + 4
  const width = () => cutAt() + 8 + Math.max(1, waiting().length) * BOX
  return (
    <section class="cell">
      <div class="cell-head">
        <h2>Sequence</h2>
        <Badge state={inStep() ? 'holds' : 'broken'}>{inStep() ? 'in step' : 'a command is missing'}</Badge>
      </div>
      <div class="seqs">
        <Show
          when={postgres.given_seq > 0}
          fallback={<p class="soft">It was never told anything: timers alone have moved it.</p>}
        >
          <svg
            class="lane"
            viewBox={`0 -4 ${width()} 36`}
            role="img"
            aria-label={`Handled up to ${props.actor.postgres.last_seq}; ${waiting().length === 0 ? 'none waits' : `${waiting().join(', ')} wait`}.`}
          >
            <For each={handled()}>{(seq, index) => <Box class="lane-done" x={index() * BOX} seq={seq} />}</For>
            <line class="lane-cut" x1={cutAt()} x2={cutAt()} y1="-4" y2="32" />
            <For each={waiting()}>
              {(seq, index) => (
                <Box class={index() === 0 ? 'lane-head' : 'lane-wait'} x={cutAt() + 8 + index() * BOX} seq={seq} />
              )}
            </For>
          </svg>
        </Show>
        <dl class="facts">
          <div>
            <dt>Postgres</dt>
            <dd class="num">
              <code>last_seq</code> {count(props.actor.postgres.last_seq)}, version{' '}
              {count(props.actor.postgres.version)}
            </dd>
          </div>
          <div>
            <dt>Given out</dt>
            <dd class="num">{count(props.actor.postgres.given_seq)}</dd>
          </div>
        </dl>
      </div>
      <p class="note">
        The head is the next after <code>last_seq</code>. Numbers are dense, so a gap would mean that a command was
        lost; none ever is.
      </p>
    </section>
  )
}

function Box(props: { class: string; x: number; seq: number }) {
  return (
    <>
      <rect class={props.class} x={props.x + 1} y="1" width="34" height="26" />
      <text
        x={props.x + 18}
        y="19"
        text-anchor="middle"
        class="lane-n"
        classList={{ 'is-head': props.class === 'lane-head' }}
      >
        {props.seq}
      </text>
    </>
  )
}
