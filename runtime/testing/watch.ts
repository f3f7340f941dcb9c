/** Waiting for what a test waits for: looked at whenever something happened, and given up with its name after a while. */
const LIMIT_MS = 10_000

export class Watch {
  readonly #waiting = new Set<() => void>()

  /** Something happened. */
  look(): void {
    for (const check of [...this.#waiting]) check()
  }

  async until(holds: () => boolean, what: string): Promise<void> {
    if (holds()) return
    await new Promise<void>((resolve, reject) => {
      const limit = setTimeout(() => {
        this.#waiting.delete(check)
        reject(new Error(`waited ${LIMIT_MS / 1000} s for ${what}`))
      }, LIMIT_MS)
      const check = () => {
        if (!holds()) return
        clearTimeout(limit)
        this.#waiting.delete(check)
        resolve()
      }
      this.#waiting.add(check)
    })
  }
}
