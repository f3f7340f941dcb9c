/**
 * Server-sent events by fetch, because an EventSource cannot carry the token in a header, and a token in an address ends up in logs.
 * Only `data` is read; that is all our server sends.
 */

/** The data of each event, until the stream ends. Throws when nothing, not even a comment, comes for `silenceMs`. */
export async function* readEvents(body: ReadableStream<Uint8Array>, silenceMs: number): AsyncGenerator<string> {
  const reader = body.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>).getReader()
  let text = ''
  try {
    for (;;) {
      const { done, value } = await withTimeout(reader.read(), silenceMs)
      if (done) return
      const events = (text + value).split('\n\n')
      text = events.pop() ?? ''
      for (const event of events) {
        const data = event.split('\n').filter((line) => line.startsWith('data:'))
        if (data.length > 0) yield data.map((line) => line.slice(5).trimStart()).join('\n')
      }
    }
  } finally {
    // The consumer may leave first, and a stream that has failed already cannot be cancelled again.
    reader.cancel().catch(() => undefined)
  }
}

function withTimeout<Value>(promise: Promise<Value>, ms: number): Promise<Value> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('the stream is silent')), ms)
    promise.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}
