/**
 * The merchant's colour as our tokens. A colour that nobody could read is not used: a button that cannot be read costs the merchant
 * more than a colour that is not quite theirs. Set through the style object, which a strict Content-Security-Policy allows.
 */
import type { Theme } from '../loader/index.d.ts'

type Rgb = [red: number, green: number, blue: number]

/** The paper's white and the ink's black, on which words of the colour stand, or which stand on it. */
const SURFACE: Record<'light' | 'dark', Rgb> = { light: [255, 255, 255], dark: [27, 25, 22] }
const BLACK: Rgb = [12, 16, 34]
const WHITE: Rgb = [255, 255, 255]
/** WCAG 2.2, 1.4.3. */
const READABLE = 4.5
/** Less, and the button cannot be made out on the page. */
const VISIBLE = 1.25
/** How much darker a pressed button is. */
const PRESSED = 0.82

/** Custom properties for the document; none for what is no colour or can't be read. `mode`: what is really shown. */
export function themeTokens(color: string, mode: 'light' | 'dark'): Record<string, string> {
  const press = parseColor(color)
  if (!press || contrast(press, SURFACE[mode]) < VISIBLE) return {}
  const deep = press.map((part) => Math.round(part * PRESSED)) as Rgb
  const onInk = [WHITE, BLACK].find((text) => contrast(text, press) >= READABLE && contrast(text, deep) >= READABLE)
  if (!onInk) return {}
  const button = { '--press': css(press), '--deep': css(deep), '--on-ink': css(onInk) }
  // Lines and words in the colour stand on the page itself.
  return contrast(press, SURFACE[mode]) >= READABLE ? { ...button, '--ink': css(press) } : button
}

/** Sets mode and colour, and keeps the colour right when the system changes between light and dark. */
export function applyTheme({ mode, color }: Theme, root: HTMLElement): void {
  if (mode === 'light' || mode === 'dark') root.dataset.theme = mode
  if (!color) return
  const dark = matchMedia('(prefers-color-scheme: dark)')
  const paint = () => {
    const shown = root.dataset.theme ?? (dark.matches ? 'dark' : 'light')
    root.style.removeProperty('--ink')
    for (const [name, value] of Object.entries(themeTokens(color, shown === 'dark' ? 'dark' : 'light'))) {
      root.style.setProperty(name, value)
    }
  }
  paint()
  dark.addEventListener('change', paint)
}

function parseColor(text: string): Rgb | undefined {
  const hex = /^#([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(text)?.[1]
  if (!hex) return undefined
  const pairs = hex.length === 3 ? [...hex].map((digit) => digit + digit) : (hex.match(/../g) ?? [])
  return pairs.map((pair) => Number.parseInt(pair, 16)) as Rgb
}

function css(color: Rgb): string {
  return `rgb(${color.join(' ')})`
}

/** WCAG 2.2's contrast ratio, 1 to 21. */
export function contrast(one: Rgb, other: Rgb): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b)
  return (light + 0.05) / (dark + 0.05)
}

function luminance(color: Rgb): number {
  const [red = 0, green = 0, blue = 0] = color.map((part) => {
    const share = part / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}
