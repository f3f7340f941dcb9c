/**
 * A place in a merchant's events, in the order in which they are told: when one was written, to the microsecond as Postgres prints it
 * (a Date would cut that); which of its payment's it is, as the events of one turn share a moment; and its id, as many turns do.
 */

export interface Place {
  at: string
  sequence: number
  id: string
}

/** Before all of a moment. */
export function beginningOf(at: string): Place {
  return { at, sequence: -1, id: '' }
}

/** SQL for a timestamptz as a place's `at`: fixed in width, so that texts compare as their moments do. */
export function placeText(moment: string): string {
  return `to_char((${moment}) at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`
}

export function isBefore(a: Place, b: Place): boolean {
  if (a.at !== b.at) return a.at < b.at
  return a.sequence < b.sequence || (a.sequence === b.sequence && a.id < b.id)
}

export function isSame(a: Place, b: Place): boolean {
  return a.at === b.at && a.sequence === b.sequence && a.id === b.id
}
