// The same by forms alone.
import { expect, test } from '../support/test.ts'
import { composer, sees, signIn, signUp, TEACHING } from '../support/verbs.ts'

test('without script a guest becomes an account, signs in elsewhere, brings along what they have there, and signs out', async ({ alice, newcomer }) => {
  await composer(alice).fill('Milk')
  await composer(alice).press('Enter')
  await signUp(alice, 'alice')
  await sees(alice, ...TEACHING, 'Milk')
  const elsewhere = await newcomer()
  await elsewhere.goto('/')
  await composer(elsewhere).fill('Rope')
  await composer(elsewhere).press('Enter')
  await elsewhere.goto('/sign-in')
  await expect(elsewhere.getByRole('checkbox', { name: 'Bring them along' })).toBeChecked()
  await signIn(elsewhere, 'alice')
  await sees(elsewhere, ...TEACHING, 'Milk')
  await expect(elsewhere.getByRole('navigation').getByRole('link', { name: /My list/ })).toHaveCount(2)
  await elsewhere.goto('/me')
  await elsewhere.getByRole('button', { name: 'Sign out everywhere else' }).click()
  await alice.goto('/')
  await expect(alice.getByRole('status')).toContainText('You are signed out here')
  await elsewhere.getByRole('button', { name: 'Sign out', exact: true }).click()
  await expect(elsewhere.getByRole('status')).toHaveText('You have signed out.')
})
