/** A client of server-sent events for tests: keeps what it hears, and waits for what it should hear. */
import { CREDENTIALS } from './house.ts'
import { until } from './until.ts'

export interface Heard {
  id: string
  event: string
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into events of every shape
  data: any
}

export interface Listener {
  heard: Heard[]
  comments: number
  /** The server ended it, or the connection broke. */
  ended: boolean
  /** Rejects after ten seconds with fewer events. */
  hears(events: number): Promise<Heard[]>
  close(): void
}

/** Settles when the stream has begun. */
export async function listen(url: string, headers: Record<string, string> = {}): Promise<Listener> {
  const leaving = new AbortController()
  const response = await fetch(url, {
    headers: { ...CREDENTIALS, accept: 'text/event-stream', ...headers },
    signal: leaving.signal,
  })
  if (response.status !== 200 || !response.body) throw new Error(`${response.status} ${await response.text()}`)
  const heard: Heard[] = []
  const listener: Listener = {
    heard,
    comments: 0,
    ended: false,
    hears: async (events) => {
      await until(async () => heard.length >= events)
      return heard
    },
    close: () => leaving.abort(),
  }
  let began = () => {}
  const begun = new Promise<void>((resolve) => {
    began = resolve
  })
  const read = async (body: ReadableStream<Uint8Array>) => {
    let text = ''
    for await (const chunk of body.pipeThrough(new TextDecoderStream())) {
      began()
      const frames = (text + chunk).split('\n\n')
      text = frames.pop() ?? ''
      for (const frame of frames) hear(listener, frame)
    }
  }
  read(response.body)
    .catch(() => undefined)
    .finally(() => {
      listener.ended = true
    })
  await begun
  return listener
}

function hear(listener: Listener, frame: string): void {
  const fields = Object.fromEntries(frame.split('\n').map((line) => line.split(/: (.*)/s, 2)))
  if (fields.event) listener.heard.push({ id: fields.id, event: fields.event, data: JSON.parse(fields.data) })
  else if (frame.startsWith(':')) listener.comments++
}
