/**
 * The app's one page. Who is signed in is written into it before it is sent, so that the first thing painted is right and costs no
 * second request; the theme stands on the root element for the same reason.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Account } from './api.ts'
import type { Theme } from './cookies.ts'

export interface Boot {
  account: Account | null
  /** The API does not answer, so nobody knows who this is. */
  away: boolean
  /** The test merchant's pair in demo mode, where it is everybody's. */
  demo: { api_key: string; api_secret: string } | null
  api_url: string
  checkout_url: string
  version: string
}

const BOOT = '<script type="application/json" id="boot">null</script>'
const ROOT = '<html lang="en">'

export class AppPage {
  readonly #html: string

  /** `folder`: what build.ts made. */
  constructor(folder: string) {
    this.#html = readFileSync(join(folder, 'index.html'), 'utf8')
    for (const part of [BOOT, ROOT]) {
      if (!this.#html.includes(part)) throw new Error(`the dashboard's index.html was built without ${part}`)
    }
  }

  render(boot: Boot, theme: Theme | null): string {
    // `<` could end the block: a merchant may be called </script>.
    const data = JSON.stringify(boot).replaceAll('<', '\\u003c')
    const html = this.#html.replace(BOOT, () => BOOT.replace('null', () => data))
    return theme === null ? html : html.replace(ROOT, `<html lang="en" data-theme="${theme}">`)
  }
}
