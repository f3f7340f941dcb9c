/**
 * What happens to a webhook's body between our socket and the line that verifies it. Each entry undoes one such mishap, or
 * does the one that the other side may have done: if the signature fits the result, that was it.
 */

export type BodyMutation =
  | 'reserialized_body'
  | 'trailing_newline'
  | 'charset'
  | 'byte_order_mark'
  | 'surrounding_space'
  | 'line_endings'
  | 'escaped_slashes'

export interface BodyVariant {
  mutation: BodyMutation
  bytes: Buffer
}

/** Every other body that the received one may have been, each once. Pure; a text of 64 KiB takes some ms. */
export function bodyVariants(received: string): BodyVariant[] {
  const seen = new Set([Buffer.from(received).toString('latin1')])
  const variants: BodyVariant[] = []
  const add = (mutation: BodyMutation, bytes: Buffer | string | null) => {
    if (bytes === null) return
    const variant = { mutation, bytes: typeof bytes === 'string' ? Buffer.from(bytes) : bytes }
    const key = variant.bytes.toString('latin1')
    if (seen.has(key)) return
    seen.add(key)
    variants.push(variant)
  }
  for (const end of ['\n', '\r\n']) {
    add('trailing_newline', received.endsWith(end) ? received.slice(0, -end.length) : `${received}${end}`)
  }
  add('byte_order_mark', received.startsWith('\uFEFF') ? received.slice(1) : `\uFEFF${received}`)
  add('surrounding_space', received.trim())
  add('line_endings', received.replaceAll('\r\n', '\n'))
  add('escaped_slashes', received.replaceAll('\\/', '/'))
  add('escaped_slashes', received.replaceAll('/', '\\/'))
  for (const bytes of otherCharsets(received)) add('charset', bytes)
  for (const text of otherSerializations(received)) add('reserialized_body', text)
  return variants
}

/** Read as Latin-1 or Windows-1252 what was UTF-8, or the other way round; or wrote it in another encoding. */
function otherCharsets(text: string): (Buffer | null)[] {
  return [
    oneByte(text, (character) => character.charCodeAt(0)),
    oneByte(text, (character) => WINDOWS_1252.get(character) ?? character.charCodeAt(0)),
    Buffer.from(Buffer.from(text).toString('latin1')),
    Buffer.from(text, 'utf16le'),
  ]
}

function oneByte(text: string, byteOf: (character: string) => number): Buffer | null {
  const bytes = Array.from(text, byteOf)
  return bytes.every((byte) => byte <= 0xff) ? Buffer.from(bytes) : null
}

/** The characters that Windows puts where Latin-1 has control codes. */
const WINDOWS_1252 = new Map(
  Array.from('€ ‚ƒ„…†‡ˆ‰Š‹Œ Ž  ‘’“”•–—˜™š›œ žŸ', (character, n) => [character, 0x80 + n] as const).filter(
    ([character]) => character !== ' ',
  ),
)

/** As common serializers print the same value; nothing for what is no JSON, or nested too deep to be ours. */
function otherSerializations(text: string): string[] {
  try {
    return serializations(JSON.parse(text.replace(/^\uFEFF/, '')))
  } catch {
    return []
  }
}

/** What is sent is what JSON.stringify prints, so that stands first. */
function serializations(value: unknown): string[] {
  const compact = JSON.stringify(value)
  const spaced = pythonSpacing(compact)
  const sorted = JSON.stringify(sortKeys(value))
  return [
    ...[compact, JSON.stringify(value, null, 2), JSON.stringify(value, null, 4), JSON.stringify(value, null, '\t')],
    ...[spaced, asciiOnly(spaced), asciiOnly(compact), sorted, pythonSpacing(sorted), asciiOnly(pythonSpacing(sorted))],
    // Go's encoder escapes what HTML would read.
    ...[compact, sorted].map((json) => json.replace(/[<>&]/g, escaped)),
  ]
}

/** `{"a": 1, "b": 2}`: a space behind each comma and colon that stands outside of strings. */
function pythonSpacing(json: string): string {
  return json.replace(/"(?:[^"\\]|\\.)*"|[,:]/g, (token) => (token.length === 1 ? `${token} ` : token))
}

function asciiOnly(json: string): string {
  return json.replace(/[\u0080-\uffff]/g, escaped)
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys)
  if (typeof value !== 'object' || value === null) return value
  const sorted = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(sorted.map(([key, inner]) => [key, sortKeys(inner)]))
}
