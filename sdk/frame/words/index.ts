/** Which language is spoken: the one that was asked for, else the browser's if it is one of ours, else English. */
import { en, type Words } from './en.ts'
import { hi } from './hi.ts'

export type { Words } from './en.ts'

const LANGUAGES: Record<string, Words> = { en, hi }

/** `locale`: what the merchant wishes; `preferred`: what the browser speaks, best first. */
export function wordsFor(locale: string | undefined, preferred: readonly string[]): Words {
  const wished = locale && locale !== 'auto' ? [locale] : preferred
  for (const tag of wished) {
    const words = LANGUAGES[tag.slice(0, 2).toLowerCase()]
    if (words) return words
  }
  return en
}
