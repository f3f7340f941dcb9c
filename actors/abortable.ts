/**
 * Signals and promises for whoever has a deadline. Libraries differ in when they look at a signal (some only once a request has
 * left their queue), so a promise is let go of here, at the moment of the abort.
 */

/**
 * Runs `work` with a signal that is aborted with `signal`, or after `ms` with a TimeoutError. What the platform has for it (any,
 * timeout) leaves its timer behind when the work is done: thousands of calls a second leave tens of thousands that ring for nobody.
 */
export async function limited<T>(
  signal: AbortSignal,
  ms: number,
  work: (limit: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController()
  const abort = () => controller.abort(signal.reason)
  if (signal.aborted) abort()
  else signal.addEventListener('abort', abort, { once: true })
  const timer = setTimeout(() => {
    controller.abort(new DOMException(`no answer within ${ms} ms`, 'TimeoutError'))
  }, ms)
  try {
    return await work(controller.signal)
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', abort)
  }
}

/**
 * Settles as `promise` does, or rejects with the signal's reason at the moment of its abort. What `promise` stands for
 * may still happen afterwards: to its caller the outcome is unknown.
 */
export async function abortable<T>(signal: AbortSignal, promise: Promise<T>): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>()
  const letGo = () => reject(signal.reason)
  if (signal.aborted) letGo()
  else signal.addEventListener('abort', letGo, { once: true })
  try {
    return await Promise.race([promise, aborted])
  } finally {
    signal.removeEventListener('abort', letGo)
  }
}
