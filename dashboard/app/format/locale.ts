/** The reader's locale, once: numbers, sums and dates on one page must not differ in how they are written. */
export const locale: string = navigator.languages.find((name) => name.endsWith('-IN')) ?? navigator.language
