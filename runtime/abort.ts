/**
 * Why a turn has to stop, once it has to: its deadline, a lost lease, a drain out of time. Like an AbortController, but the signal
 * is made when somebody asks for it, because most turns never do.
 */

/** After an abort a handler has this long to notice it; then its turn goes on without it. */
const GRACE_MS = 1000

export class Abort {
  #reason: Error | null = null
  #controller: AbortController | null = null
  #tell: ((reason: Error) => void) | null = null

  /** null: nothing has happened. */
  get reason(): Error | null {
    return this.#reason
  }

  get signal(): AbortSignal {
    this.#controller ??= new AbortController()
    if (this.#reason) this.#controller.abort(this.#reason)
    return this.#controller.signal
  }

  /** The first reason stands. */
  abort(reason: Error): void {
    if (this.#reason) return
    this.#reason = reason
    this.#controller?.abort(reason)
    this.#tell?.(reason)
  }

  /**
   * Until `work` settles. Past `deadlineMs` it is aborted; work that goes on long after an abort, whatever its cause, is left behind:
   * rejects with the reason. One work at a time.
   */
  async limit(work: Promise<void>, deadlineMs: number): Promise<void> {
    let grace: NodeJS.Timeout | undefined
    const deadline = setTimeout(() => {
      this.abort(new DOMException(`no end after ${deadlineMs} ms`, 'TimeoutError'))
    }, deadlineMs)
    const leftBehind = new Promise<never>((_, reject) => {
      this.#tell = (reason) => {
        grace = setTimeout(reject, GRACE_MS, reason)
      }
    })
    if (this.#reason) this.#tell?.(this.#reason)
    try {
      await Promise.race([work, leftBehind])
    } finally {
      this.#tell = null
      clearTimeout(deadline)
      clearTimeout(grace)
    }
  }
}
