/**
 * Follow the system, light, dark: one button, remembered in a cookie, so that the server writes the choice into the page and
 * nothing is painted in the wrong colours first.
 */
import { createSignal } from 'solid-js'

export type Theme = 'system' | 'light' | 'dark'

const THEMES: readonly Theme[] = ['system', 'light', 'dark']
const YEAR_SECONDS = 31_536_000

const chosen = document.documentElement.dataset.theme
const [theme, setTheme] = createSignal<Theme>(chosen === 'light' || chosen === 'dark' ? chosen : 'system')

export { theme }

export function chooseTheme(next: Theme): void {
  setTheme(next)
  if (next === 'system') delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = next
  // biome-ignore lint/suspicious/noDocumentCookie: the cookie store is not in every browser, and a theme is no secret.
  document.cookie = `theme=${next}; path=/; max-age=${YEAR_SECONDS}; samesite=lax`
}

export function nextTheme(): void {
  chooseTheme(THEMES[(THEMES.indexOf(theme()) + 1) % THEMES.length] ?? 'system')
}

export const THEME_WORDS: Record<Theme, string> = { system: 'follow the system', light: 'light', dark: 'dark' }
