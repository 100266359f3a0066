// The second step by forms alone.
import { code, firstStep, secondStep, setUpApp } from '../support/codes.ts'
import { expect, test } from '../support/test.ts'
import { PASSWORD, composer, sees, signUp, TEACHING } from '../support/verbs.ts'

test('without script an app is set up, its code asked for at the next sign-in, a recovery code taken in its place, and all of it ended', async ({ alice, newcomer }) => {
  await composer(alice).fill('Milk')
  await composer(alice).press('Enter')
  await signUp(alice, 'alice')
  const { secret, codes } = await setUpApp(alice)
  const phone = await newcomer()
  await firstStep(phone, 'alice')
  await secondStep(phone, '000000')
  await expect(phone.getByRole('alert')).toContainText('This code is wrong')
  await phone.goto('/me')
  await expect(phone.getByText('You are a guest')).toBeVisible()
  await phone.goto('/sign-in/second')
  await secondStep(phone, code(secret, 1))
  await sees(phone, ...TEACHING, 'Milk')
  const laptop = await newcomer()
  await firstStep(laptop, 'alice')
  await secondStep(laptop, codes[0]!)
  await sees(laptop, ...TEACHING, 'Milk')
  await laptop.goto('/me')
  await expect(laptop.getByText('9 of 10 left')).toBeVisible()
  await laptop.goto('/me/second-factor')
  await laptop.getByText('Turn off').first().click()
  await laptop.getByLabel('Your password').fill('not this one')
  await laptop.getByRole('button', { name: 'Turn off' }).click()
  await expect(laptop.getByText('This is not your password')).toBeVisible()
  await laptop.getByLabel('Your password').fill(PASSWORD)
  await laptop.getByRole('button', { name: 'Turn off' }).click()
  await expect(laptop.getByRole('status')).toHaveText('The authenticator app is off.')
  await expect(laptop.getByRole('button', { name: 'Sign out everywhere else' })).toBeVisible()
  await laptop.goto('/me')
  await expect(laptop.getByText('of 10 left')).toHaveCount(0)
})

test('without script a page says that passkeys need it', async ({ newcomer }) => {
  const page = await newcomer()
  await page.goto('/sign-in')
  await expect(page.getByText('Passkeys need JavaScript')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Sign in with a passkey' })).toBeHidden()
})
