/**
 * Lets go of a promise when a signal is aborted. Libraries differ in when they look at a signal (some only once a
 * request has left their queue), and whoever has a deadline can't wait for that.
 */

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
