/** Told of what a worker does and how long it takes, for whoever measures. Called on the hot path: be quick, and never throw. */
export interface Observer {
  turn(kind: string, outcome: 'ok' | 'rest' | 'fail', ms: number): void
  /** One statement with `size` turns. */
  commit(kind: string, size: number, ms: number): void
}
