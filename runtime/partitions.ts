/**
 * Partitions: one on a single Redis, sixteen on a Cluster. All keys of a partition carry one hash tag, so a script never
 * leaves its slot; the tags are chosen so that partitions spread evenly over the slots and so over the masters.
 */
import { crc32 } from 'node:zlib'
import calculateSlot from 'cluster-key-slot'
import type { Address } from './address.ts'

const SLOTS = 16384

/** Key prefix of partition `p` of `count`: the smallest integer whose slot lies in [p, p + 1) x 16384 / count. */
export function partitionPrefix(p: number, count: number): string {
  if (count === 1) return '{0}:'
  for (let tag = 0; ; tag++) {
    if (Math.floor((calculateSlot(String(tag)) * count) / SLOTS) === p) return `{${tag}}:`
  }
}

/** Which partition an actor lives in: fixed by its address, so that nobody has to remember. */
export function partitionOf(address: Address, count: number): number {
  return count === 1 ? 0 : crc32(address) % count
}
