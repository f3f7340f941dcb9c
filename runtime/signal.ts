/** Wakes one waiter. A notification that comes before anybody waits is kept, so none is lost. */
export class Signal {
  #pending = false
  #wake: (() => void) | null = null

  notify(): void {
    this.#pending = true
    this.#wake?.()
  }

  /** Until the next notification, or `timeoutMs` (bounded to a day). */
  async wait(timeoutMs: number): Promise<void> {
    if (!this.#pending) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, Math.min(timeoutMs, 86_400_000))
        this.#wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
      this.#wake = null
    }
    this.#pending = false
  }
}
