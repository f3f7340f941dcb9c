/**
 * Puts separators into what is typed without moving the caret from under the shopper's finger: the caret is remembered by how many
 * digits stand before it, and put back behind as many.
 */

export interface Edit {
  value: string
  caret: number
}

/**
 * `before`: what stood there. `typed`, `caret`: what stands there now. `format`: digits to shown text; `read`: text to digits.
 * Backspace over a separator takes the digit before it; else the separator would come back for ever.
 */
export function reformat(
  before: string,
  typed: string,
  caret: number,
  read: (text: string) => string,
  format: (digits: string) => string,
): Edit {
  let digits = read(typed)
  let place = countDigits(typed.slice(0, caret))
  if (typed.length < before.length && digits === read(before) && place > 0) {
    digits = digits.slice(0, place - 1) + digits.slice(place)
    place -= 1
  }
  const atEnd = place >= countDigits(typed)
  const value = format(digits)
  return { value, caret: atEnd ? value.length : behind(value, place) }
}

function countDigits(text: string): number {
  return text.replace(/\D/g, '').length
}

/** The position behind the nth digit. */
function behind(text: string, digits: number): number {
  let seen = 0
  for (let at = 0; at < text.length; at++) {
    if (seen === digits) return at
    if (/\d/.test(text[at] as string)) seen++
  }
  return text.length
}
