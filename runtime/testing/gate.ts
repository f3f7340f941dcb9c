/** Handlers that wait: until a test lets them go, or until their turn is aborted. */
import { Watch } from './watch.ts'

export class Gate {
  readonly #watch = new Watch()
  #waiting: (() => void)[] = []

  /** A handler: ends when the gate is opened. */
  readonly pass = async (): Promise<void> => {
    await new Promise<void>((resolve) => {
      this.#waiting.push(resolve)
      this.#watch.look()
    })
  }

  /** Until so many wait. */
  async entered(count: number): Promise<void> {
    await this.#watch.until(() => this.#waiting.length >= count, `${count} handlers to enter`)
  }

  /** Lets those go who wait now. */
  open(): void {
    const waiting = this.#waiting
    this.#waiting = []
    for (const go of waiting) go()
  }
}

/** As a handler waits that heeds its signal. */
export function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason))
  })
}
