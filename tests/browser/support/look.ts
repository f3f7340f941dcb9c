/** What everybody must be able to use: axe's findings, and whether a page fits its screen. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Frame, Page } from 'playwright-core'

const AXE = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8')
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/** What axe objects to, one line each. */
export function violations(place: Page | Frame): Promise<string[]> {
  return objections(place, { type: 'tag', values: RULES })
}

/** What axe objects to in the colours alone: for another theme of a page whose one theme has passed. */
export function paleColours(place: Page | Frame): Promise<string[]> {
  return objections(place, { type: 'rule', values: ['color-contrast', 'link-in-text-block'] })
}

async function objections(place: Page | Frame, runOnly: { type: string; values: string[] }): Promise<string[]> {
  if (!(await place.evaluate(() => 'axe' in window))) await place.evaluate(AXE)
  return place.evaluate(async (rules) => {
    const { axe } = window as unknown as { axe: { run(options: object): Promise<{ violations: Violation[] }> } }
    type Violation = { id: string; nodes: { html: string; failureSummary: string }[] }
    const found = await axe.run({ runOnly: rules, resultTypes: ['violations'] })
    return found.violations.flatMap(({ id, nodes }) =>
      nodes.map((node) => `${id}: ${node.html} ${node.failureSummary}`),
    )
  }, runOnly)
}

/**
 * The page as it looks once a new size or theme has settled. Colours that fade are brought to their end, where waiting for them would
 * take half of a test's time: each that ends may begin another one in what inherits from it.
 */
export async function painted(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))
    const fading = () => document.getAnimations().filter((one) => one instanceof CSSTransition)
    for (let round = 0; fading().length > 0; round++) {
      if (round > 100) throw new Error('colours on this page never come to their end')
      for (const one of fading()) one.finish()
    }
  })
}

export async function scrollsSideways(page: Page): Promise<boolean> {
  return page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth)
}
