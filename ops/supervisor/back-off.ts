/** How long to wait before trying again: short after the first failure, longer while failures follow each other. */
const FIRST_MS = 100
const LONGEST_MS = 10_000
/** Who lived this long has recovered. */
const RECOVERED_MS = 30_000

/** ms to wait before start number `failures` + 1, for what has failed `failures` times in a row (from 1). */
export function backOffMs(failures: number): number {
  return Math.min(FIRST_MS * 2 ** (failures - 1), LONGEST_MS)
}

/** Failures in a row, counting the one of something that lived for `livedMs`. */
export function failuresAfter(before: number, livedMs: number): number {
  return livedMs >= RECOVERED_MS ? 1 : before + 1
}
