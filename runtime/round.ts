/**
 * One round of a worker's conversation with its partition. When the transport fails the same round is sent again, with its number: the
 * script knows it, applies no ack twice, and answers the claims that it made.
 */
import { type Ended, toAck } from './claims.ts'
import { type Lease, type SentAt, sentNow } from './lease.ts'
import { ALARMS_A_TURN, MAX_FAILURES } from './limits.ts'
import type { Partition, TurnReply } from './scripts.ts'

export interface Round {
  lease: Lease
  turn: number
  acked: Ended[]
  /** kind -> how many actors to claim */
  want: Record<string, number>
}

export interface Answer {
  reply: TurnReply
  /** When the copy that was answered had been sent: the lease is good from then on, at least. */
  sent: SentAt
}

const RESEND_MS = 100

/** Until it is answered; null: `onTrouble` gave up. `tries` counts from 1. */
export async function send(
  partition: Partition,
  { lease, turn, acked, want }: Round,
  onTrouble: (error: unknown, tries: number) => 'again' | 'give up',
): Promise<Answer | null> {
  const fixed = { lease: lease.id, turn, leaseMs: lease.ms, alarms: ALARMS_A_TURN, maxFailures: MAX_FAILURES, want }
  for (let tries = 1; ; tries++) {
    const sent = sentNow()
    try {
      return { reply: await partition.turn({ ...fixed, acks: acked.map(toAck) }), sent }
    } catch (error) {
      if (onTrouble(error, tries) === 'give up') return null
      await new Promise((resolve) => setTimeout(resolve, RESEND_MS))
    }
  }
}
