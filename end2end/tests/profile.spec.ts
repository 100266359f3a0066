// What others see of a person: the colour and the picture, live.
import { DEVICES, inspect } from '../support/axe.ts'
import { expect, test } from '../support/test.ts'
import { openShare } from '../support/verbs.ts'

/** A PNG of 40 by 20 pixels, red. */
const RED = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAACgAAAAUCAIAAABwJOjsAAAAJElEQVR4nGM4IWczIIhh1OJRi0ctHrV41OJRi0ctHrV45FgMACyWim4hUqzpAAAAAElFTkSuQmCC',
  'base64',
)

test('another colour is seen at once by who is in a list with one', async ({ alice, bob }) => {
  const me = await alice.context().newPage()
  await me.goto('/me')
  const name = await me.getByRole('heading', { level: 1 }).textContent()
  const mark = bob.getByRole('img', { name: new RegExp(name!) })
  await expect(mark).toBeVisible()
  await me.getByRole('radio', { name: 'Slate' }).check()
  await me.getByRole('button', { name: 'Save' }).click()
  await expect(mark).toHaveAttribute('data-colour', '10')
})

test('a picture is seen in place of the letter, in the list and where it is shared, and goes again', async ({ alice, bob }) => {
  const me = await alice.context().newPage()
  await me.goto('/me')
  const name = await me.getByRole('heading', { level: 1 }).textContent()
  const mark = bob.getByRole('img', { name: new RegExp(name!) })
  const share = await openShare(bob)
  const row = share.getByRole('region', { name: 'People' }).getByRole('listitem').filter({ hasText: name! }).locator('.avatar')
  await expect(mark).toHaveCSS('background-image', 'none')
  await me.getByLabel('Picture instead of your initial').setInputFiles({ name: 'red.png', mimeType: 'image/png', buffer: RED })
  await me.getByRole('button', { name: 'Upload' }).click()
  await expect(me.locator('.person-preview .avatar')).toHaveCSS('background-image', /\/people\/.*\/picture\?v=/)
  await expect(mark).toHaveCSS('background-image', /\/people\/.*\/picture\?v=/)
  await expect(row).toHaveCSS('background-image', /\/people\/.*\/picture\?v=/)
  await me.getByRole('button', { name: 'Remove the picture' }).click()
  await expect(mark).toHaveCSS('background-image', 'none')
  await expect(row).toHaveCSS('background-image', 'none')
})

for (const [device, options] of Object.entries(DEVICES)) {
  test(`axe finds nothing where one chooses a picture, on a ${device}`, async ({ newcomer }) => {
    const page = await newcomer(options)
    await page.goto('/me')
    await page.getByLabel('Picture instead of your initial').setInputFiles({ name: 'red.png', mimeType: 'image/png', buffer: RED })
    await page.getByRole('button', { name: 'Upload' }).click()
    await expect(page.getByRole('button', { name: 'Remove the picture' })).toBeVisible()
    await inspect(page, `picture-me-${device}`, true)
    await page.getByLabel('New picture').setInputFiles({ name: 'no.png', mimeType: 'image/png', buffer: Buffer.from('no picture') })
    await page.getByRole('button', { name: 'Upload' }).click()
    await expect(page.getByText('This picture could not be read')).toBeVisible()
    await inspect(page, `picture-refused-${device}`, true)
  })
}
