// A browser without script that keeps no cookie: each form says so, and what was typed stands there.
import { expect, test } from '../support/test.ts'

test('where cookies are blocked, each form says so and gives back what was typed', async ({ between, browser }) => {
  between.cookieless = true
  const context = await browser.newContext({ baseURL: between.url, javaScriptEnabled: false })
  const page = await context.newPage()
  await page.goto('/')
  await page.getByRole('textbox', { name: 'Add a task' }).fill('Milk and bread')
  await page.getByRole('textbox', { name: 'Add a task' }).press('Enter')
  await expect(page.getByRole('heading', { name: 'Tandem needs a cookie' })).toBeVisible()
  await expect(page.getByRole('textbox')).toHaveValue('Milk and bread')
  for (const [path, button] of [['/sign-in', 'Sign in'], ['/sign-up', 'Create account']] as const) {
    await page.goto(path)
    await page.getByRole('textbox', { name: 'Name or e-mail address' }).fill('ana')
    for (const field of await page.locator('input[type="password"]').all()) await field.fill('nine lamps over the quay')
    await page.getByRole('button', { name: button, exact: true }).click()
    await expect(page.getByRole('heading', { name: 'Tandem needs a cookie' })).toBeVisible()
  }
  between.cookieless = false
  await page.goto('/')
  await page.getByRole('textbox', { name: 'Add a task' }).fill('Milk')
  await page.getByRole('textbox', { name: 'Add a task' }).press('Enter')
  await expect(page.getByRole('heading', { name: 'Tandem needs a cookie' })).toBeHidden()
  await context.close()
})
