/**
 * A reason not to start (or not to go on) that its reader can act on: one line that says what is wrong and what to do.
 * Entry points print the message alone; any other error is a defect and is shown with its stack.
 */
export class StopReason extends Error {
  override name = 'StopReason'
}

/** Prints why the process stops, on stderr, in the form its kind deserves. */
export function explain(error: unknown): void {
  if (error instanceof StopReason) console.error(error.message)
  else console.error(error)
}
