/** Opening the order, with the patience of a telephone that is just finding its network again. */
import type { Session } from './answers.ts'
import { type Api, Refusal } from './api.ts'
import { wait } from './wait.ts'

/** Between the tries, ms. Longer than that a shopper should be told. */
const WAITS_MS = [500, 1_500]

/** Throws what the last try threw: a Refusal, or NoAnswer. */
export async function openPatiently(api: Api): Promise<Session> {
  for (const waitMs of WAITS_MS) {
    try {
      return await api.open()
    } catch (error) {
      if (error instanceof Refusal && !error.isPassing) throw error
      await wait(waitMs)
    }
  }
  return api.open()
}
