// Nothing for axe to find, in each state of each page, light and dark, on a desk and on a phone; and a picture of each.
import { ask, id } from '../support/api.ts'
import { DEVICES, inspect } from '../support/axe.ts'
import { type Page, expect, test } from '../support/test.ts'
import { TEACHING, addTask, becomeOperator, clearTeaching, complete, composer, details, figure, giveNonsense, guessCode, isNow, joinByCode, lines, listPath, makeLink, openCompleted, openMember, retitle, row, settled, shareLink, title, titleField, writeNotes } from '../support/verbs.ts'

async function openMenu(page: Page, task: string) {
  await row(page, task).hover()
  await page.getByRole('button', { name: `More: ${task}`, exact: true }).click()
}

/** Commands that add subtasks to a task. */
async function subtasks(page: Page, task: string, ...titles: string[]) {
  const list = (await listPath(page)).split('/').pop()
  const parent = await row(page, task).locator('.task-check').getAttribute('value')
  return titles.map((title) => ({ list: [list, { add_task: { task: id(), place: { end_of: parent }, title } }] }))
}

for (const [device, open] of Object.entries(DEVICES)) {
  test.describe(device, () => {
    test('axe finds nothing in the list', async ({ newcomer }) => {
      const page = await newcomer(open)
      await page.goto('/')
      await settled(page)
      await inspect(page, `newcomer-${device}`)
      await clearTeaching(page)
      await inspect(page, `empty-${device}`)
      await addTask(page, 'Oat milk', 'Bread', 'Tea', 'A longer one, which says in rather many words what is to be done about the garden')
      await complete(page, 'Tea')
      await writeNotes(page, 'Bread', 'Rye, from the bakery.')
      await settled(page)
      await inspect(page, `list-${device}`)
      await title(page, 'Bread').click()
      await inspect(page, `editing-${device}`)
      await titleField(page).fill('x'.repeat(501))
      await titleField(page).press('Enter')
      await inspect(page, `editing-refused-${device}`)
      await titleField(page).press('Escape')
      await openMenu(page, 'Oat milk')
      await expect(page.getByRole('menu')).toBeVisible()
      await inspect(page, `menu-${device}`)
      await page.keyboard.press('Escape')
      await details(page, 'Oat milk')
      await page.getByRole('textbox', { name: 'Label' }).fill('dairy')
      await page.getByRole('textbox', { name: 'Label' }).press('Enter')
      await page.getByRole('group', { name: 'Assigned to' }).getByRole('button').click()
      await expect(page.locator('.task-assignees')).toBeVisible()
      await inspect(page, `details-${device}`)
      await page.keyboard.press('Escape')
      await ask(page, ...(await subtasks(page, 'Oat milk', 'Of the farm', 'Two cartons')))
      await expect(row(page, 'Oat milk').getByRole('img', { name: '0 of 2 subtasks done' })).toBeVisible()
      await complete(page, 'Oat milk')
      await expect(page.getByRole('button', { name: 'Only this one' })).toBeVisible()
      await inspect(page, `subtasks-${device}`)
      await page.locator('.notice', { hasText: 'Complete them, too?' }).getByRole('button', { name: 'Dismiss' }).click()
      await row(page, 'Bread').getByRole('button', { name: 'Notes' }).click()
      await inspect(page, `notes-${device}`)
      await page.keyboard.press('Escape')
      await openCompleted(page)
      await inspect(page, `completed-${device}`)
      await title(page, 'Oat milk').focus()
      await page.keyboard.press('Delete')
      await inspect(page, `deleted-${device}`)
      await composer(page).fill('y'.repeat(501))
      await composer(page).press('Enter')
      await inspect(page, `composer-refused-${device}`)
      await composer(page).fill('')
      if (device === 'phone') {
        await page.getByRole('button', { name: 'Lists' }).click()
        await inspect(page, `side-${device}`)
        await page.keyboard.press('Escape')
      }
      await page.context().setOffline(true)
      await isNow(page, 'offline')
      await addTask(page, 'While offline')
      await inspect(page, `offline-${device}`)
      await page.context().setOffline(false)
      await settled(page)
    })

    test('axe finds nothing in a list with sections', async ({ newcomer }) => {
      const page = await newcomer(open)
      await page.goto('/')
      await settled(page)
      const field = page.getByRole('textbox', { name: 'New section' })
      for (const section of ['Kitchen', 'Living room']) {
        await field.fill(section)
        await field.press('Enter')
        await expect(row(page, section)).toBeVisible()
      }
      await row(page, 'Kitchen').getByRole('button', { name: 'Add a task to' }).click()
      await expect(page.getByRole('button', { name: 'Section Kitchen. Add to no section' })).toBeVisible()
      await addTask(page, 'Plates', 'Cups')
      await expect(row(page, 'Kitchen').getByRole('img', { name: '2 to be done' })).toBeVisible()
      await settled(page)
      await inspect(page, `sections-${device}`)
      await title(page, 'Plates').focus()
      await page.keyboard.press('x')
      await page.keyboard.press('Shift+ArrowDown')
      await expect(page.getByText('2 selected')).toBeVisible()
      await inspect(page, `selection-${device}`)
      for (const choice of ['Due', 'Priority', 'Labels', 'Assign', 'Move']) {
        await page.getByRole('button', { name: choice, exact: true }).click()
        await expect(page.getByRole('group', { name: choice, exact: true })).toBeVisible()
        await inspect(page, `selection-${choice}-${device}`)
      }
    })

    test('axe finds nothing on the plain pages', async ({ newcomer }) => {
      const page = await newcomer(open)
      await page.goto('/')
      await settled(page)
      const list = await listPath(page)
      const task = await page.locator('.task-check').first().getAttribute('value')
      for (const [state, address] of [
        ['share', `${list}/share`], ['join', '/join'], ['me', '/me'], ['task', `${list}/task?task=${task}`], ['missing', '/nowhere'],
      ] as const) {
        await page.goto(address)
        await inspect(page, `${state}-${device}`)
      }
      await joinByCode(page, 'nonsense')
      await expect(page.getByText('This link does not work.')).toBeVisible()
      await inspect(page, `join-refused-${device}`)
      await page.goto('/me')
      await page.getByLabel('Name').fill('n'.repeat(51))
      await page.getByRole('button', { name: 'Save' }).click()
      await expect(page.getByText('The limit is 50')).toBeVisible()
      await inspect(page, `me-refused-${device}`)
      for (const [state, change] of [
        ['task-refused', async () => {}],
        ['task-gone', async () => ask(page, { list: [list.split('/').pop(), { delete: { task } }] })],
      ] as const) {
        await page.goto(`${list}/task?task=${task}`)
        await change()
        await page.getByLabel('Title').fill(state === 'task-gone' ? 'Oat milk' : 't'.repeat(501))
        await page.getByLabel('Notes').fill('Two litres.')
        await page.getByRole('button', { name: 'Save' }).click()
        await expect(page.locator('textarea').first()).toHaveValue(/Two litres\.$/)
        await inspect(page, `${state}-${device}`)
      }
    })

    test('axe finds nothing on the page of who is in a list', async ({ newcomer }) => {
      const page = await newcomer(open)
      await page.goto('/')
      await settled(page)
      const list = await listPath(page)
      await page.goto(`${list}/share`)
      await page.getByText('Expiry and limit').click()
      await inspect(page, `share-first-${device}`, true)
      const link = await makeLink(page)
      await inspect(page, `share-made-${device}`, true)
      const look = await makeLink(page, 'Can view')
      for (const address of [link, look]) {
        const guest = await newcomer()
        await guest.goto(address)
        await guest.getByRole('button', { name: 'Join the list' }).click()
        await settled(guest)
        if (address === look) {
          await guest.goto(`${list}/share`)
          await inspect(guest, `share-viewer-${device}`, true)
        }
      }
      await openMember(page, /Editor/)
      await page.locator('.links summary').filter({ hasText: 'Can view' }).click()
      await inspect(page, `share-members-${device}`, true)
      await page.getByRole('button', { name: /^Revoke the link and remove/ }).click()
      await expect(page.getByText(/^The link is revoked\. .* is no longer on the list\.$/)).toBeVisible()
      await inspect(page, `share-revoked-${device}`, true)
    })

    test('axe finds nothing on the pages of the operator', async ({ newcomer, alice, server }) => {
      const page = await newcomer(open)
      await page.goto('/admin')
      await inspect(page, `admin-${device}`)
      await giveNonsense(page)
      await inspect(page, `admin-refused-${device}`)
      await becomeOperator(page, server.operatorCode)
      await addTask(alice, 'Milk', 'Bread', 'Eggs')
      await expect(figure(page, '99 % within')).toContainText('ms')
      await expect(lines(page).filter({ hasText: 'operator' })).not.toHaveCount(0)
      await page.screenshot({ path: `artefacts/admin-live-whole-${device}.png`, fullPage: true })
      await inspect(page, `admin-live-${device}`)
      await guessCode(await newcomer())
      await page.goto('/admin/audit')
      await expect(page.getByRole('listitem').filter({ hasText: 'entered a wrong operator code' })).toBeVisible()
      await inspect(page, `admin-audit-${device}`, true)
    })

    test('axe finds nothing in what stands beside a list', async ({ newcomer, alice }) => {
      const page = await newcomer(open)
      await page.goto(await shareLink(alice))
      await page.getByRole('button', { name: 'Join the list' }).click()
      await settled(page)
      const list = await listPath(page)
      const told = () => page.evaluate(() => localStorage.getItem('tandem-seen') ?? '')
      await expect.poll(told).toContain(list.split('/').pop())
      await page.goto('/me')
      await page.getByRole('button', { name: 'Export my data' }).click()
      await expect(page.getByRole('link', { name: 'Download' })).toBeVisible()
      await inspect(page, `me-export-${device}`)
      await addTask(alice, 'Milk', 'Bread')
      await complete(alice, TEACHING[0]!)
      await settled(alice)
      await page.clock.setSystemTime(Date.now() + 26 * 3_600_000)
      await page.goto(list)
      await expect(page.getByRole('region', { name: /^While you were away/ })).toContainText('added “Milk” and “Bread”')
      await inspect(page, `away-${device}`)
      await page.getByRole('button', { name: /^Dismiss “While/ }).click()
      if (device === 'phone') await page.getByRole('button', { name: 'Lists' }).click()
      await page.getByRole('textbox', { name: 'New list' }).fill('Elsewhere')
      await page.getByRole('textbox', { name: 'New list' }).press('Enter')
      await expect(page.getByRole('heading', { level: 1 })).toHaveText('Elsewhere')
      await addTask(alice, 'Tea')
      await expect(page.getByText('added “Tea” to My list.')).toBeVisible()
      // It stays as long as it has the focus.
      await page.getByRole('button', { name: 'Show' }).focus()
      await inspect(page, `toast-${device}`)
    })

    test('axe finds nothing where two work, and what could not be saved is in the tray', async ({ newcomer }) => {
      const page = await newcomer(open)
      await page.goto('/')
      await settled(page)
      const bob = await newcomer()
      await bob.goto(await shareLink(page))
      await bob.getByRole('button', { name: 'Join the list' }).click()
      await settled(bob)
      await clearTeaching(page)
      await addTask(page, 'Milk', 'Bread')
      await title(page, 'Bread').click()
      await titleField(page).fill('Rye bread')
      await retitle(bob, 'Bread', 'White bread')
      await expect(page.getByText('while you were typing')).toBeVisible()
      await inspect(page, `theirs-${device}`)
      await title(bob, 'White bread').focus()
      await bob.keyboard.press('Delete')
      await expect(page.getByRole('heading', { name: 'Not saved' })).toBeVisible()
      await retitle(bob, 'Milk', 'Oat milk')
      await expect(title(page, 'Oat milk')).toBeVisible()
      await inspect(page, `tray-${device}`)
    })

    test('axe finds nothing where a file is looked at before it is imported', async ({ newcomer }) => {
      const page = await newcomer(open)
      await page.goto('/import')
      await inspect(page, `import-${device}`)
      const table = 'What,When,Who\nCall the bank,2031-05-06,Bob\nBuy bread,every friday,\nAsk,5/6/2031,\n'
      await page.getByLabel('File').setInputFiles({ name: 'things.csv', mimeType: 'text/csv', buffer: Buffer.from(table) })
      await page.getByRole('button', { name: 'Continue' }).click()
      await page.getByText('The first tasks').click()
      await inspect(page, `import-table-${device}`, true)
    })
  })
}
