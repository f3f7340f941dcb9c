/**
 * A request's id, for the log and for whoever reports a failure: a random part a process, a counter a request. It need not be
 * guessed by nobody, only be unique, so it costs next to nothing.
 */
import { randomBytes } from 'node:crypto'

const PROCESS = randomBytes(6).toString('base64url')
let requests = 0

export function newRequestId(): string {
  return `req_${PROCESS}_${(++requests).toString(36)}`
}
