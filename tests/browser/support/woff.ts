/**
 * A web font as a font of the system: Chromium takes the former from pages only. WOFF is the TrueType file with each of its tables
 * deflated (W3C, WOFF File Format 1.0), so unpacking is inflating them and writing the table of contents anew.
 */
import { inflateSync } from 'node:zlib'

const WOFF_HEADER = 44
const WOFF_ENTRY = 20
const SFNT_HEADER = 12
const SFNT_ENTRY = 16

export function unpackWoff(woff: Buffer): Buffer {
  if (woff.toString('latin1', 0, 4) !== 'wOFF') throw new TypeError('not a WOFF file')
  const count = woff.readUInt16BE(12)
  const header = Buffer.alloc(SFNT_HEADER + count * SFNT_ENTRY)
  woff.copy(header, 0, 4, 8)
  const log = Math.floor(Math.log2(count))
  for (const [index, value] of [count, 2 ** log * 16, log, count * 16 - 2 ** log * 16].entries()) {
    header.writeUInt16BE(value, 4 + index * 2)
  }
  const tables: Buffer[] = []
  let offset = header.length
  for (let index = 0; index < count; index++) {
    const at = WOFF_HEADER + index * WOFF_ENTRY
    const [from, packed, length] = [4, 8, 12].map((field) => woff.readUInt32BE(at + field)) as [number, number, number]
    const bytes = woff.subarray(from, from + packed)
    const table = packed < length ? inflateSync(bytes) : bytes
    const entry = SFNT_HEADER + index * SFNT_ENTRY
    woff.copy(header, entry, at, at + 4)
    woff.copy(header, entry + 4, at + 16, at + 20)
    header.writeUInt32BE(offset, entry + 8)
    header.writeUInt32BE(length, entry + 12)
    tables.push(table, Buffer.alloc(-length & 3))
    offset += length + (-length & 3)
  }
  return Buffer.concat([header, ...tables])
}
