// Asking somebody into a list by the name of their account.
import { DEVICES, inspect } from '../support/axe.ts'
import { type Page, expect, test } from '../support/test.ts'
import { addTask, openShare, sees, settled, signUp, TEACHING } from '../support/verbs.ts'

/** Asks somebody into the list that the page shows; the page of who is in it. */
async function invite(page: Page, name: string, may: 'Can edit' | 'Can view' | 'Owner' = 'Can edit') {
  const share = await openShare(page)
  await share.getByText('Invite somebody with an account').click()
  await share.getByRole('textbox', { name: 'The name they sign in with' }).fill(name)
  await share.getByRole('group', { name: 'Role', exact: true }).getByRole('radio', { name: may }).check()
  await share.getByRole('button', { name: 'Invite', exact: true }).click()
  await expect(share.getByRole('status')).toContainText(`If an account named “${name}” exists`)
  return share
}

test('who is asked by name hears it at once, comes, and both see each other live', async ({ alice, newcomer }) => {
  const bob = await newcomer()
  await bob.goto('/')
  await signUp(bob, 'bob')
  await settled(bob)
  const share = await invite(alice, 'Bob')
  const waits = share.getByRole('region', { name: 'Pending invitations' })
  await expect(waits.getByRole('listitem')).toContainText('Bob')
  const notice = bob.locator('.notice.invited')
  await expect(notice).toContainText('invited you to “My list” as an editor.')
  // A page that is opened meanwhile says it, too, and not when it is done.
  const tab = await bob.context().newPage()
  await tab.goto('/')
  await expect(tab.locator('.notice.invited')).toBeVisible()
  // What the stream says of it is here sooner than the answer.
  await bob.route('**/me/invitations/**', async (route) => {
    const answer = await route.fetch({ maxRedirects: 0 })
    await expect(tab.locator('.notice.invited')).toBeHidden()
    await route.fulfill({ response: answer })
  })
  await notice.getByRole('button', { name: 'Join the list' }).click()
  await expect(notice).toContainText('You are on “My list” now.')
  await expect(tab.locator('.notice.invited')).toBeHidden()
  await notice.getByRole('link', { name: 'Open the list' }).click()
  await settled(bob)
  await addTask(bob, 'From Bob')
  await sees(alice, ...TEACHING, 'From Bob')
  await expect(waits).toBeHidden()
  await expect(share.getByRole('region', { name: 'People' }).getByRole('listitem')).toHaveCount(2)
})

test('an invitation that is taken back goes from the page, and one that is declined comes no more', async ({ alice, newcomer }) => {
  const bob = await newcomer()
  await bob.goto('/')
  await signUp(bob, 'bob')
  await settled(bob)
  const share = await invite(alice, 'bob', 'Can view')
  const notice = bob.locator('.notice.invited')
  await expect(notice).toContainText('as a viewer.')
  await share.getByRole('button', { name: 'Withdraw the invitation for bob' }).click()
  await expect(notice).toBeHidden()
  await invite(alice, 'bob')
  await expect(notice).toContainText('as an editor.')
  await notice.getByRole('button', { name: 'Decline' }).click()
  await expect(notice).toBeHidden()
  await bob.reload()
  await settled(bob)
  await expect(notice).toBeHidden()
  const again = await openShare(alice)
  await expect(again.getByRole('region', { name: 'Pending invitations' }).getByRole('listitem')).toContainText('bob')
})

for (const [device, options] of Object.entries(DEVICES)) {
  test(`axe finds nothing where people are asked, on a ${device}`, async ({ alice, newcomer }) => {
    const bob = await newcomer(options)
    await bob.goto('/')
    await signUp(bob, 'bob')
    await settled(bob)
    const share = await invite(alice, 'bob')
    await expect(bob.locator('.notice.invited')).toBeVisible()
    await inspect(bob, `invited-notice-${device}`)
    await bob.goto('/me')
    await inspect(bob, `invited-me-${device}`, true)
    await share.setViewportSize(options.viewport)
    await share.getByText('Invite somebody with an account').click()
    await inspect(share, `invite-share-${device}`, true)
  })
}
