// Nothing for axe to find, in each state of each page, light and dark, on a desk and on a phone; and a picture of each.
import AxeBuilder from '@axe-core/playwright'
import { ask } from '../support/api.ts'
import { type Page, expect, test } from '../support/test.ts'
import {
  addTask, becomeOperator, clearTeaching, complete, composer, figure, isNow, lines, listPath, openCompleted, retitle, row, settled, shareLink, title, titleField, writeNotes,
} from '../support/verbs.ts'

type Look = { name: string; phone: boolean; colorScheme: 'light' | 'dark' }
const looks: Look[] = ['desk', 'phone'].flatMap((device) =>
  (['light', 'dark'] as const).map((colorScheme) => ({ name: `${device}-${colorScheme}`, phone: device === 'phone', colorScheme })),
)
const desk = { viewport: { width: 1280, height: 800 } }
const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 }

/** Asks axe about the page as it stands, and keeps a picture of it. */
async function inspect(page: Page, look: Look, state: string) {
  // What is fading in has no colour of its own yet.
  await page.evaluate(() => Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => {}))))
  await page.screenshot({ path: `artefacts/${state}-${look.name}.png` })
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
    .analyze()
  const found = violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 200)} ${node.failureSummary}`))
  expect.soft(found, `${state}, ${look.name}`).toEqual([])
}

async function openMenu(page: Page, task: string) {
  await row(page, task).hover()
  await page.getByRole('button', { name: `More: ${task}`, exact: true }).click()
}

for (const look of looks) {
  test.describe(look.name, () => {
    const open = { ...(look.phone ? phone : desk), colorScheme: look.colorScheme, reducedMotion: 'reduce' as const }

    test('axe finds nothing in the list', async ({ newcomer }) => {
      const page = await newcomer(open)
      await page.goto('/')
      await settled(page)
      await inspect(page, look, 'newcomer')
      await clearTeaching(page)
      await inspect(page, look, 'empty')
      await addTask(page, 'Oat milk', 'Bread', 'Tea', 'A longer one, which says in rather many words what is to be done about the garden')
      await complete(page, 'Tea')
      await writeNotes(page, 'Bread', 'Rye, from the bakery.')
      await settled(page)
      await inspect(page, look, 'list')
      await title(page, 'Bread').click()
      await inspect(page, look, 'editing')
      await titleField(page).fill('x'.repeat(501))
      await titleField(page).press('Enter')
      await inspect(page, look, 'editing-refused')
      await titleField(page).press('Escape')
      await openMenu(page, 'Oat milk')
      await expect(page.getByRole('menu')).toBeVisible()
      await inspect(page, look, 'menu')
      await page.keyboard.press('Escape')
      await row(page, 'Bread').getByRole('button', { name: 'Notes' }).click()
      await inspect(page, look, 'notes')
      await page.keyboard.press('Escape')
      await openCompleted(page)
      await inspect(page, look, 'completed')
      await title(page, 'Oat milk').focus()
      await page.keyboard.press('Delete')
      await inspect(page, look, 'deleted')
      await composer(page).fill('y'.repeat(501))
      await composer(page).press('Enter')
      await inspect(page, look, 'composer-refused')
      await composer(page).fill('')
      if (look.phone) {
        await page.getByRole('button', { name: 'Lists' }).click()
        await inspect(page, look, 'side')
        await page.keyboard.press('Escape')
      }
      await page.context().setOffline(true)
      await isNow(page, 'offline')
      await addTask(page, 'While offline')
      await inspect(page, look, 'offline')
      await page.context().setOffline(false)
      await settled(page)
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
        await inspect(page, look, state)
      }
      await page.goto('/join')
      await page.getByRole('textbox', { name: 'Code' }).fill('nonsense')
      await page.getByRole('button', { name: 'Join the list' }).click()
      await expect(page.getByText('This link does not work.')).toBeVisible()
      await inspect(page, look, 'join-refused')
      await page.goto('/me')
      await page.getByLabel('Name').fill('n'.repeat(51))
      await page.getByRole('button', { name: 'Save' }).click()
      await expect(page.getByText('50 is the most')).toBeVisible()
      await inspect(page, look, 'me-refused')
      for (const [state, change] of [
        ['task-refused', async () => {}],
        ['task-gone', async () => ask(page, { list: [list.split('/').pop(), { delete: { task } }] })],
      ] as const) {
        await page.goto(`${list}/task?task=${task}`)
        await change()
        await page.getByLabel('Title').fill(state === 'task-gone' ? 'Oat milk' : 't'.repeat(501))
        await page.getByLabel('Notes').fill('Two litres.')
        await page.getByRole('button', { name: 'Save' }).click()
        await expect(page.getByRole('textbox').last()).toHaveValue(/Two litres\.$/)
        await inspect(page, look, state)
      }
    })

    test('axe finds nothing on the pages of the operator', async ({ newcomer, alice, server }) => {
      const page = await newcomer(open)
      await page.goto('/admin')
      await inspect(page, look, 'admin')
      await page.getByRole('textbox', { name: 'Operator code' }).fill('nonsense')
      await page.getByRole('button', { name: 'Continue' }).click()
      await expect(page.getByText('This is no operator code')).toBeVisible()
      await inspect(page, look, 'admin-refused')
      await becomeOperator(page, server.operatorCode)
      await addTask(alice, 'Milk', 'Bread', 'Eggs')
      await expect(figure(page, '99 % within')).toContainText('ms')
      await expect(lines(page).filter({ hasText: 'operator' })).not.toHaveCount(0)
      await page.screenshot({ path: `artefacts/admin-live-whole-${look.name}.png`, fullPage: true })
      await inspect(page, look, 'admin-live')
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
      await inspect(page, look, 'theirs')
      await title(bob, 'White bread').focus()
      await bob.keyboard.press('Delete')
      await expect(page.getByRole('heading', { name: 'Not saved' })).toBeVisible()
      await retitle(bob, 'Milk', 'Oat milk')
      await expect(title(page, 'Oat milk')).toBeVisible()
      await inspect(page, look, 'tray')
    })
  })
}
