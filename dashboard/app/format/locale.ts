/** The reader's locale, once: numbers, sums and dates on one page must not differ in how they are written. */

/** A browser may name a locale that Intl does not take: `en-US@posix`, where LANG is C. */
function isKnown(name: string): boolean {
  try {
    return Intl.DateTimeFormat.supportedLocalesOf(name).length > 0
  } catch {
    return false
  }
}

const known = navigator.languages.filter(isKnown)

/** India's way of grouping digits, when the reader has any Indian locale: rupees are read in lakhs and crores. */
export const locale: string = known.find((name) => name.endsWith('-IN')) ?? known[0] ?? 'en-IN'
