/** Waits for what a test can only see by looking again. */
const LOOK_EVERY_MS = 20
const PATIENCE_MS = 10_000

/** Resolves as soon as `condition` holds; rejects when it has not in time, ten seconds unless told otherwise. */
export async function until(condition: () => boolean | Promise<boolean>, limitMs = PATIENCE_MS): Promise<void> {
  const deadline = performance.now() + limitMs
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`still not so after ${limitMs} ms: ${condition}`)
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
  }
}
