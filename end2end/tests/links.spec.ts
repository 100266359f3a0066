// Share links that travelled through other programs.
import { expect, test } from '../support/test.ts'
import { TEACHING, joinByCode, sees, shareLink } from '../support/verbs.ts'

const AFTER = ['.', ',', ')', ']', '>', '"', "'", '*', '%', '%.', '\u200b', '\u00ad', '%E2%80%8B', '%20', '?x=1', '%zz']

test('a link with something behind it is joined, opened or pasted', async ({ alice, newcomer }) => {
  test.slow()
  const link = await shareLink(alice)
  const page = await newcomer()
  for (const after of AFTER) {
    await page.goto('about:blank')
    await page.goto(`${link}${after}`)
    await expect(page.getByRole('textbox', { name: 'Code' })).not.toHaveValue('')
    expect(new URL(page.url()).hash, 'the code is not left in the address').toBe('')
    await page.getByRole('button', { name: 'Join the list' }).click()
    await expect(page.getByRole('textbox', { name: 'Add a task' })).toBeVisible()
  }
  await sees(page, ...TEACHING)
})

test('a link whose # went wrong leads to the page, with the code in it', async ({ alice, newcomer }) => {
  const link = await shareLink(alice)
  const page = await newcomer()
  for (const wrong of [link.replace('#', '%23'), link.replace('#', '/#'), link.replace('#', '/%23'), `${link.replace('#', '%23')}.`]) {
    await page.goto('about:blank')
    await page.goto(wrong)
    await expect(page.getByRole('textbox', { name: 'Code' })).toHaveValue(new RegExp(`^${link.split('#')[1]}`))
    await page.getByRole('button', { name: 'Join the list' }).click()
    await expect(page.getByRole('textbox', { name: 'Add a task' })).toBeVisible()
  }
})

test('what is pasted into the field may be the whole link, with anything around it', async ({ alice, newcomer }) => {
  const link = await shareLink(alice)
  const code = link.split('#')[1]!
  const page = await newcomer()
  for (const text of [link, `<${link}>`, `[the list](${link})`, `“${link}”.`, `**${code}**`, `_${code}_`, `${code.slice(0, 9)}\u200b${code.slice(9)}`, `Come: ${link}, now`]) {
    await joinByCode(page, text)
    await expect(page.getByRole('textbox', { name: 'Add a task' })).toBeVisible()
  }
  await joinByCode(page, `${code.slice(1)}.`)
  await expect(page.getByRole('textbox', { name: 'Code' })).toHaveValue(`${code.slice(1)}.`)
  await expect(page.getByText('Check also that you have the whole link.')).toBeVisible()
})
