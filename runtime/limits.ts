/** Every bound of the runtime in one place, with what it protects. */

/** A worker that is silent this long is taken for dead. */
export const LEASE_MS = 5000
/** Kept back from the lease's end, so that an effect which starts just in time is still ours when it lands. */
export const LEASE_MARGIN_MS = 500
/** Actors claimed by one turn script at most: keeps the script below a millisecond. */
export const CLAIMS_A_TURN = 128
export const ACKS_A_TURN = 256
export const ALARMS_A_TURN = 128
/** Doorbells in one mailbox; the commands themselves are bounded by the insert. */
export const MAILBOX_CAP = 1000
/** Longest rest; whoever asks for a longer one looks again in between. */
export const MAX_REST_MS = 3_600_000
/** Failures in a row after which an actor is parked. */
export const MAX_FAILURES = 8
/**
 * Timers nearer than this have their alarm in Redis. The sweeper carries later ones in, up to SWEEP_HORIZON_MS ahead; the minute between
 * the two covers commits that were on their way while it looked.
 */
export const HORIZON_MS = 11 * 60_000
export const SWEEP_HORIZON_MS = 10 * 60_000
/** Longest BLPOP. A lost wake-up costs less: a worker's heartbeat looks for work as well. */
export const WAKE_WAIT_S = 5
/** Commits and saves that may wait for their group. */
export const COMMITS_WAITING = 4096
export const COMMITS_A_GROUP = 128
/** Doorbells waiting to be sent; beyond it they are dropped, and the sweep rings. */
export const SENDS_WAITING = 20_000
export const SENDS_A_CALL = 256
/** Actors ready in Redis above which new work is refused with 503: the workers are hours behind. */
export const READY_LIMIT = 200_000
