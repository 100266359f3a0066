// Nothing for axe to find in a page as it stands, in light and in dark; and a picture of both.
import AxeBuilder from '@axe-core/playwright'
import { type Page, expect } from '@playwright/test'

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/** The sizes at which pages are looked at. Nothing moves: what is fading has no colour of its own yet. */
export const DEVICES = {
  desk: { viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce' },
  phone: { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2, reducedMotion: 'reduce' },
} as const

/** Asks axe about the page as it stands; the pictures are called by the name. */
export async function inspect(page: Page, name: string, fullPage = false) {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    await page.evaluate(() => Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => {}))))
    await page.screenshot({ path: `artefacts/${name}-${colorScheme}.png`, fullPage })
    // Measured by the screen: a phone shows a page that is too wide by making all of it smaller.
    const width = await page.evaluate(() => document.documentElement.scrollWidth)
    expect.soft(width, `${name}, ${colorScheme}: as wide as its screen`).toBeLessThanOrEqual(page.viewportSize()!.width)
    // There are no frames: for those axe would open a page of its own with every answer.
    const axe = new AxeBuilder({ page }).setLegacyMode().options({ resultTypes: ['violations'] })
    const { violations } = await axe.withTags(TAGS).analyze()
    const found = violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 200)} ${node.failureSummary}`))
    expect.soft(found, `${name}, ${colorScheme}`).toEqual([])
  }
}
