// The page for self-hosters without script: what to run by hand, what to look for, and what to add.
import { expect, test } from '../support/test.ts'

test('each thing says how to look at it by hand and which line to add', async ({ newcomer, server }) => {
  const page = await newcomer()
  await page.goto('/live-check')
  await expect(page.getByText('JavaScript is off')).toBeVisible()
  await expect(page.getByRole('button')).toHaveCount(0)
  await expect(page.getByRole('listitem')).toHaveCount(7)
  await page.getByText('Check by hand, and how to fix it').nth(1).click()
  await expect(page.getByText(`curl -sN ${server.url}/events/check`).nth(0)).toBeVisible()
  await expect(page.getByText('flushpackets=on').nth(1)).toBeVisible()
})
