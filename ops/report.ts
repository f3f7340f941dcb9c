/** What a role's process tells its supervisor, over the channel that npm start opens to each of its children. */
export type Report =
  | { type: 'ready' }
  /** A worker took a lease, or gave one up; what it holds when it dies, the supervisor ends for it. */
  | { type: 'lease'; gone: string | null; taken: string | null }

/** Exit code of a process that stopped for a StopReason: starting it again would end the same way (EX_CONFIG). */
export const WILL_NOT_START = 78

/** Without a supervisor nobody listens, and nothing is sent. */
export function report(message: Report): void {
  if (process.connected) process.send?.(message)
}
