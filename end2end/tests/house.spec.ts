// Whoever runs the house decides who gets in, and keeps somebody out who is in the middle of something.
import { DEVICES, inspect } from '../support/axe.ts'
import { type Page, expect, test } from '../support/test.ts'
import { PASSWORD, addTask, becomeOperator, composer, openShare, settled, shareLink, signUp } from '../support/verbs.ts'

/** Opens the page of somebody with that name to sign in with. */
async function openPerson(operator: Page, name: string) {
  await operator.goto('/admin/people')
  await operator.getByRole('searchbox', { name: 'Name' }).fill(name)
  await operator.getByRole('button', { name: 'Search' }).click()
  await operator.getByRole('link', { name, exact: true }).click()
}

test('somebody who is suspended while they type is told so, and keeps the text', async ({ alice, newcomer, server }) => {
  const operator = await newcomer()
  await becomeOperator(operator, server.operatorCode)
  await signUp(alice, 'alice')
  await settled(alice)
  await composer(alice).fill('What I was about to add')
  await openPerson(operator, 'alice')
  await operator.getByRole('button', { name: 'Suspend' }).click()
  await expect(operator.getByRole('status')).toHaveText('Suspended. They are signed out everywhere.')
  await expect(alice.getByText(/session has ended/i).first()).toBeVisible()
  const kept = async () => alice.evaluate(() => {
    const fields = [...document.querySelectorAll('input, textarea')] as HTMLInputElement[]
    return document.body.innerText.includes('What I was about to add') || fields.some(({ value }) => value.includes('What I was about to add'))
  })
  await expect.poll(kept).toBe(true)
})

test('an invitation makes an account where everyone else is turned away', async ({ newcomer, server }) => {
  const operator = await newcomer()
  await becomeOperator(operator, server.operatorCode)
  await operator.goto('/admin/door')
  await operator.getByRole('radio', { name: /^By invitation/ }).check()
  await operator.getByRole('group', { name: 'Guests' }).getByRole('radio', { name: /^Nobody/ }).check()
  await operator.getByRole('button', { name: 'Save' }).click()
  await expect(operator.getByRole('status')).toHaveText('Saved. It counts from now on.')
  await operator.getByRole('button', { name: 'Make an invitation' }).click()
  const link = await operator.getByRole('textbox', { name: 'Invitation link' }).inputValue()

  const bob = await newcomer()
  await bob.goto('/')
  await expect(bob.getByText('This Tandem is for people with an account.')).toBeVisible()
  await bob.goto(link)
  await expect(bob.getByRole('textbox', { name: 'Invitation code' })).toHaveValue(/^\w{4}(-\w{4}){3}$/)
  expect(bob.url()).not.toContain('#')
  await bob.getByRole('textbox', { name: 'Name or e-mail address' }).fill('bob')
  await bob.getByLabel('Password').fill(PASSWORD)
  await bob.getByRole('button', { name: 'Make my account' }).click()
  await expect(composer(bob)).toBeVisible()
})

test('where there are no guests a share link leads to an account and from there into the list', async ({ alice, newcomer, server }) => {
  const operator = await newcomer()
  await becomeOperator(operator, server.operatorCode)
  await signUp(alice, 'alice')
  await addTask(alice, 'For both')
  await settled(alice)
  const link = await shareLink(alice)
  await operator.goto('/admin/door')
  await operator.getByRole('group', { name: 'Guests' }).getByRole('radio', { name: /^Nobody/ }).check()
  await operator.getByRole('button', { name: 'Save' }).click()
  const bob = await newcomer()
  await bob.goto(link)
  await bob.getByRole('link', { name: 'Make one' }).click()
  await bob.getByRole('textbox', { name: 'Name or e-mail address' }).fill('bob')
  await bob.getByLabel('Password').fill(PASSWORD)
  await bob.getByRole('button', { name: 'Make my account' }).click()
  await bob.getByRole('button', { name: 'Join the list' }).click()
  await expect(bob.getByRole('button', { name: 'For both', exact: true })).toBeVisible()
})

test('one deletes ones account, and another owns the list that both were in', async ({ alice, bob }) => {
  await addTask(alice, 'From Alice')
  await settled(alice)
  await signUp(alice, 'alice')
  await alice.goto('/me')
  await alice.getByRole('link', { name: 'Delete the account' }).click()
  await expect(alice.getByText('owns it from then on.')).toBeVisible()
  await alice.getByLabel('Your password').fill(PASSWORD)
  await alice.getByRole('button', { name: 'Delete my account for good' }).click()
  await expect(alice.getByText('Your account is deleted. Farewell.')).toBeVisible()
  await expect(bob.getByRole('button', { name: 'From Alice', exact: true })).toBeVisible()
  const share = await openShare(bob)
  await expect(share.getByRole('region', { name: 'In this list' }).getByRole('listitem')).toHaveText([/\(you\).*Owner/])
})

for (const [device, open] of Object.entries(DEVICES)) {
  test(`axe finds nothing on the pages about people on a ${device}`, async ({ newcomer, alice, server }) => {
    const page = await newcomer(open)
    await becomeOperator(page, server.operatorCode)
    await signUp(alice, 'alice@example.org')
    await page.goto('/admin/door')
    await page.getByRole('button', { name: 'Make an invitation' }).click()
    await inspect(page, `admin-door-${device}`, true)
    await page.goto('/admin/people')
    await inspect(page, `admin-people-${device}`, true)
    await openPerson(page, 'alice@example.org')
    await page.getByRole('button', { name: 'Delete the account' }).click()
    await inspect(page, `admin-delete-${device}`, true)
    await page.getByRole('link', { name: 'Back, and keep it' }).click()
    await page.getByRole('button', { name: 'Make a link for a new password' }).click()
    await inspect(page, `admin-person-${device}`, true)
    await page.goto('/reset')
    await inspect(page, `reset-${device}`, true)
    const mine = await newcomer(open)
    await mine.goto('/')
    await signUp(mine, 'mine')
    await mine.goto('/me/delete')
    await inspect(mine, `me-delete-${device}`, true)
  })
}
