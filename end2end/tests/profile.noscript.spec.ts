// A picture of oneself, without script.
import { expect, test } from '../support/test.ts'

test('a picture is chosen, shown and removed without script', async ({ newcomer }) => {
  const page = await newcomer()
  await page.goto('/me')
  const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=='
  await page.getByLabel('Picture instead of your initial').setInputFiles({ name: 'dot.png', mimeType: 'image/png', buffer: Buffer.from(png, 'base64') })
  await page.getByRole('button', { name: 'Upload' }).click()
  await expect(page.locator('.person-preview .avatar')).toHaveCSS('background-image', /\/people\/.*\/picture\?v=/)
  await page.getByRole('button', { name: 'Remove the picture' }).click()
  await expect(page.locator('.person-preview .avatar')).toHaveCSS('background-image', 'none')
})
