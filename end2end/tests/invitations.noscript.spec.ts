// Asking somebody into a list by name, without script.
import { expect, test } from '../support/test.ts'
import { PASSWORD } from '../support/verbs.ts'

test('asking somebody by name and coming need no script', async ({ alice, newcomer }) => {
  const bob = await newcomer()
  await bob.goto('/sign-up')
  await bob.getByRole('textbox', { name: 'Name or e-mail address' }).fill('bob')
  await bob.getByLabel('Password').fill(PASSWORD)
  await bob.getByRole('button', { name: 'Create account' }).click()
  await alice.getByRole('link', { name: 'Share', exact: true }).click()
  await alice.getByText('Invite somebody with an account').click()
  await alice.getByRole('textbox', { name: 'The name they sign in with' }).fill('bob')
  await alice.getByRole('button', { name: 'Invite', exact: true }).click()
  await expect(alice.getByRole('region', { name: 'Pending invitations' })).toContainText('bob')
  await bob.goto('/me')
  await bob.getByRole('button', { name: 'Join “My list”', exact: true }).click()
  await expect(bob.getByRole('heading', { name: 'My list' })).toBeVisible()
  await alice.reload()
  await expect(alice.getByRole('region', { name: 'People' }).getByRole('listitem')).toHaveCount(2)
})
