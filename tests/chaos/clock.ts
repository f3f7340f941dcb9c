/**
 * Loaded before the gateway in processes whose wall clock is stepped: `node --import clock.ts ops/main.ts worker`. On SIGUSR2 it
 * reads the offset in ms from the file that CHAOS_CLOCK names, and from then on Date tells another time. What is monotonic stays so.
 */
import { readFileSync } from 'node:fs'

const RealDate = Date
const path = process.env.CHAOS_CLOCK as string
let offsetMs = read()

class SteppedDate extends RealDate {
  constructor(...args: [] | [number]) {
    if (args.length === 0) super(SteppedDate.now())
    else super(...args)
  }

  static override now(): number {
    return RealDate.now() + offsetMs
  }
}

function read(): number {
  return Number(readFileSync(path, 'utf8'))
}

globalThis.Date = SteppedDate as DateConstructor
process.on('SIGUSR2', () => {
  offsetMs = read()
})
