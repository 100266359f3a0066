// Share links that travelled, by forms alone.
import { expect, test } from '../support/test.ts'
import { shareLink } from '../support/verbs.ts'

test('the whole link may be pasted, with anything around it', async ({ alice, newcomer }) => {
  const link = await shareLink(alice)
  const page = await newcomer()
  for (const text of [link, `<${link}>.`, link.replace('#', '%23'), `[x](${link.replace('#', '/#')})`]) {
    await page.goto(link.replace('#', '%23'))
    await expect(page.getByText('You can also paste the whole link.')).toBeVisible()
    await page.getByRole('textbox', { name: 'Code' }).fill(text)
    await page.getByRole('button', { name: 'Join the list' }).click()
    await expect(page.getByRole('textbox', { name: 'Add a task' })).toBeVisible()
  }
})
