/** Logs: what was that error? The last lines of all processes, live. */
import { useSearchParams } from '@solidjs/router'
import { createEffect, createMemo, createSignal, For, on, onCleanup, Show } from 'solid-js'
import { ApiError } from '../../data/api.ts'
import { line } from '../../data/live.ts'
import { type Level, type LogLine, type LogPage, readLogs } from '../../data/logs.ts'
import { counted } from '../../format/number.ts'
import { clock } from '../../format/time.ts'
import { Choice } from '../../kit/choice.tsx'
import { Head } from '../../kit/head.tsx'
import { Empty, Failure, Skeleton, Stale } from '../../kit/notice.tsx'
import { NewPill } from '../../kit/pill.tsx'
import { Search } from '../../kit/search.tsx'
import { Seg } from '../../kit/seg.tsx'
import { Line } from './line.tsx'

const LEVELS = [
  ['debug', 'all'],
  ['warn', 'warn'],
  ['error', 'error'],
] as const
type Shown = (typeof LEVELS)[number][0]

const LOOK_MS = 1_500
const LIMIT = 300
/** More than that are not kept on the page. */
const KEPT = 600
const RECENT_MS = 60_000
/** What open pages of this dashboard ask for all the time: nobody looks for that. */
const OWN_LOOKS =
  /^\/api\/v1\/(actors|jobs|logs|workers|stream|test\/jobs|chaos\/invariants|sessions\/current|(payments|webhooks)(\/(summary|series))?)(\/|$)/

const isOwnLook = ({ message, fields }: LogLine) =>
  message === 'request' && fields.method === 'GET' && Number(fields.status) < 400 && OWN_LOOKS.test(String(fields.path))

export default function Logs() {
  const [search, setSearch] = useSearchParams<{ level?: string; q?: string; process?: string }>()
  const level = (): Shown => LEVELS.find(([value]) => value === search.level)?.[0] ?? 'debug'
  const params = () => ({ level: level(), q: search.q, process: search.process, limit: LIMIT })
  const [lines, setLines] = createSignal<LogLine[] | null>(null)
  const [processes, setProcesses] = createSignal<string[]>([])
  const [waiting, setWaiting] = createSignal<LogLine[]>([])
  const [trouble, setTrouble] = createSignal<ApiError | null>(null)
  let list: HTMLElement | undefined
  let last: string | null = null

  const take = () => {
    setLines([...waiting(), ...(lines() ?? [])].slice(0, KEPT))
    setWaiting([])
  }
  const keep = (page: LogPage, anew: boolean) => {
    last = page.last_id
    setProcesses((before) => [...new Set([...before, ...page.processes])].sort())
    const news = page.data.filter((one) => !isOwnLook(one))
    if (anew) {
      setWaiting([])
      setLines(news)
      return
    }
    if (news.length === 0) return
    setWaiting([...news, ...waiting()].slice(0, KEPT))
    if (!list?.matches(':hover, :focus-within')) take()
  }
  const look = async (anew: boolean) => {
    const asked = params()
    try {
      const page = await readLogs({ ...asked, after: anew ? null : last })
      // The filters may have changed meanwhile; then another look is under way.
      if (JSON.stringify(asked) === JSON.stringify(params())) keep(page, anew)
      setTrouble(null)
    } catch (error) {
      setTrouble(error instanceof ApiError ? error : new ApiError(0, 'PAGE', String(error), null, null))
    }
  }
  createEffect(
    on(
      () => JSON.stringify(params()),
      () => void look(true),
    ),
  )
  const timer = setInterval(() => {
    if (document.visibilityState === 'visible' && line() !== 'paused') void look(lines() === null)
  }, LOOK_MS)
  onCleanup(() => clearInterval(timer))

  const recent = createMemo(() => (lines() ?? []).filter(({ at }) => Date.now() - Date.parse(at) < RECENT_MS))
  const countOf = (wanted: Level) => recent().filter((one) => one.level === wanted).length
  const lastError = () => (lines() ?? []).find((one) => one.level === 'error')
  return (
    <>
      <Head
        title="Logs"
        state={countOf('error') > 0 ? 'failed' : countOf('warn') > 0 ? 'degraded' : 'running'}
        answer={
          <Show
            when={countOf('error') + countOf('warn') > 0}
            fallback={
              <>
                <b>No error and no warning in the last minute.</b>{' '}
                <Show when={lastError()} fallback="None in what is kept, either.">
                  {(error) => (
                    <>
                      The last error was at {clock(error().at)}: {error().message}.
                    </>
                  )}
                </Show>
              </>
            }
          >
            <b>
              {counted(countOf('error'), 'error')} and {counted(countOf('warn'), 'warning')} in the last minute.
            </b>{' '}
            <Show when={lastError()}>
              {(error) => (
                <>
                  The last error is from {error().process}: {error().message}.
                </>
              )}
            </Show>
          </Show>
        }
      />
      <Stale trouble={lines() === null ? null : trouble()} />
      <search class="tools">
        <Search
          label="Search the logs"
          placeholder="Word, id or field=value"
          value={search.q ?? ''}
          onChange={(q) => setSearch({ q: q || null })}
        />
        <Seg
          label="Level"
          options={LEVELS}
          value={level()}
          onChange={(value) => setSearch({ level: value === 'debug' ? null : value })}
        />
        <Choice
          label="Process"
          options={[['', 'Process: any'], ...processes().map((name) => [name, name] as const)]}
          value={search.process ?? ''}
          onChange={(process) => setSearch({ process: process || null })}
        />
        <span class="tools-end">
          <NewPill waiting={waiting().length} onTake={take} />
        </span>
      </search>
      <Show
        when={lines()}
        fallback={
          <Show when={trouble()} fallback={<Skeleton what="the logs" />}>
            {(error) => (
              <div class="cell">
                <Failure what="The logs could not be read." error={error()} retry={() => void look(true)} />
              </div>
            )}
          </Show>
        }
      >
        {(shown) => (
          <Show
            when={shown().length > 0}
            fallback={
              <div class="cell">
                <Empty icon="logs" title="No line fits">
                  <p class="soft">The last few thousand lines are kept. Older ones are in the processes’ own output.</p>
                </Empty>
              </div>
            }
          >
            <ol
              class="logs mono num"
              aria-label="Log lines"
              tabindex="0"
              ref={(element) => {
                list = element
              }}
            >
              <For each={shown()}>{(one) => <Line line={one} />}</For>
            </ol>
          </Show>
        )}
      </Show>
    </>
  )
}
