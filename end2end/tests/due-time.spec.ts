// The time of the day on which a task is due: by a line, in all of a task, as the minutes go by, and for readers in other zones.
import { type Page, expect, test } from '../support/test.ts'
import { addTask, clearTeaching, composer, details, row, sees, set, settled, title } from '../support/verbs.ts'

/** Waits until the task says when it is due. */
async function isDue(page: Page, task: string, words: string | RegExp) {
  await expect(row(page, task).getByRole('img', { name: /^(Due|Overdue)/ })).toHaveText(words)
}

/** The field for the time, in the open panel of a task. */
const field = (page: Page) => page.getByLabel('Time', { exact: true }).and(page.locator('input'))

test.beforeEach(async ({ alice, bob }) => {
  await clearTeaching(alice)
  await addTask(alice, 'Milk')
  await sees(bob, 'Milk')
})

test('a line says at what time, for both, and what is clicked stays text', async ({ alice, bob }) => {
  await composer(alice).fill('Call Ana tomorrow at 5pm')
  await expect(alice.getByRole('button', { name: 'At 17:00. Keep as text' })).toBeVisible()
  await composer(alice).press('Enter')
  await isDue(bob, 'Call Ana', 'Tomorrow 17:00')
  await isDue(alice, 'Call Ana', 'Tomorrow 17:00')
  await composer(alice).fill('Lunch tomorrow at noon')
  await alice.getByRole('button', { name: 'At 12:00. Keep as text' }).click()
  await composer(alice).press('Enter')
  await isDue(bob, 'Lunch at noon', 'Tomorrow')
  await settled(alice)
  await alice.reload()
  await isDue(alice, 'Call Ana', 'Tomorrow 17:00')
})

test('a time is set beside the list, followed, removed and taken back', async ({ alice, bob }) => {
  await details(alice, 'Milk')
  await details(bob, 'Milk')
  await alice.getByRole('textbox', { name: 'Due date' }).fill('2031-03-01')
  await isDue(bob, 'Milk', '1 Mar 2031')
  await field(alice).fill('09:30')
  await isDue(bob, 'Milk', '1 Mar 2031 09:30')
  await expect(field(bob)).toHaveValue('09:30')
  await bob.getByRole('button', { name: 'No time' }).click()
  await isDue(alice, 'Milk', '1 Mar 2031')
  await expect(field(alice)).toHaveValue('')
  await bob.getByRole('button', { name: 'Undo' }).click()
  await isDue(alice, 'Milk', '1 Mar 2031 09:30')

  // Without a day there is no time, and both come back together.
  await alice.getByRole('button', { name: 'No date' }).click()
  await expect(field(bob)).toHaveValue('')
  await expect(row(bob, 'Milk').getByRole('img', { name: /^Due/ })).toHaveCount(0)
  await alice.getByRole('button', { name: 'Undo' }).last().click()
  await isDue(bob, 'Milk', '1 Mar 2031 09:30')
  // The day after that is one without the time.
  await alice.getByRole('button', { name: 'No date' }).click()
  await alice.getByRole('textbox', { name: 'Due date' }).fill('2031-03-02')
  await isDue(bob, 'Milk', '2 Mar 2031')
})

test('a time without a day is the next that a clock shows', async ({ alice, bob }) => {
  await alice.clock.setFixedTime('2031-03-01T10:00:00Z')
  await details(alice, 'Milk')
  await field(alice).fill('09:30')
  await isDue(bob, 'Milk', '2 Mar 2031 09:30')
  await alice.keyboard.press('Escape')
  await composer(alice).fill('Call Ana at 09:00')
  await expect(alice.getByRole('button', { name: 'Tomorrow at 09:00. Keep as text' })).toBeVisible()
  await composer(alice).fill('Call Ana at 11:00')
  await expect(alice.getByRole('button', { name: 'Today at 11:00. Keep as text' })).toBeVisible()
  await composer(alice).press('Enter')
  await isDue(bob, 'Call Ana', '1 Mar 2031 11:00')
})

test('a task is overdue from its minute on, on a page that stays open', async ({ alice, bob }) => {
  await composer(alice).fill('Call Ana 2031-03-01 at 12:00')
  await composer(alice).press('Enter')
  await sees(bob, 'Milk', 'Call Ana')
  const mark = row(bob, 'Call Ana').getByRole('img', { name: /^(Due|Overdue)/ })
  await bob.clock.setFixedTime('2031-03-01T11:59:30Z')
  await expect(mark).toHaveAccessibleName('Due Today 12:00')
  await bob.clock.setFixedTime('2031-03-01T12:00:00Z')
  await expect(mark).toHaveAccessibleName('Overdue since Today 12:00')
})

test('what comes again keeps its time', async ({ alice, bob }) => {
  await composer(alice).fill('Water the plants every day at 23:59')
  await composer(alice).press('Enter')
  await isDue(bob, 'Water the plants', 'Today 23:59')
  await row(bob, 'Water the plants').getByRole('checkbox').click()
  await isDue(alice, 'Water the plants', 'Tomorrow 23:59')
  await set(alice, 'Water the plants', 'Next week')
  await isDue(bob, 'Water the plants', /23:59$/)
})

test('a reader elsewhere sees the time by the clocks there', async ({ alice, bob, newcomer }) => {
  await composer(alice).fill('Call Ana 2031-07-01 at 17:00')
  await composer(alice).press('Enter')
  await isDue(bob, 'Call Ana', '1 Jul 2031 17:00')
  await settled(alice)
  const storageState = await bob.context().storageState()
  for (const [timezoneId, there] of [
    ['Asia/Kolkata', '1 Jul 2031 22:30'],
    ['America/New_York', '1 Jul 2031 13:00'],
    ['Pacific/Kiritimati', '2 Jul 2031 07:00'],
  ] as const) {
    const page = await newcomer({ timezoneId, storageState })
    await page.goto(new URL(bob.url()).pathname)
    await settled(page)
    await isDue(page, 'Call Ana', there)
    // The panel shows it as it was said, and both.
    await title(page, 'Call Ana').focus()
    await page.keyboard.press('o')
    await expect(field(page)).toHaveValue('17:00')
    await expect(page.getByText(`UTC (${there} here)`)).toBeVisible()
  }
  const page = await newcomer({ timezoneId: 'Asia/Kolkata', storageState })
  await page.goto(new URL(bob.url()).pathname)
  await details(page, 'Call Ana')
  await field(page).fill('18:00')
  await isDue(page, 'Call Ana', '1 Jul 2031 23:30')
  await isDue(alice, 'Call Ana', '1 Jul 2031 18:00')
})

test('“Today” is the reader’s, and what another page changes of the task keeps what is known of it', async ({ alice, bob, newcomer }) => {
  await composer(alice).fill('Call Ana 2031-07-01 at 23:00')
  await composer(alice).press('Enter')
  await isDue(bob, 'Call Ana', '1 Jul 2031 23:00')
  await settled(alice)
  const page = await newcomer({ timezoneId: 'Asia/Tokyo', storageState: await bob.context().storageState() })
  await page.clock.setFixedTime('2031-07-05T10:00:00Z')
  await page.goto(new URL(bob.url()).pathname)
  await settled(page)
  await isDue(page, 'Call Ana', '2 Jul 08:00')
  await set(page, 'Call Ana', 'Today')
  await expect(page.getByText('is due: Today.')).toBeVisible()
  await isDue(page, 'Call Ana', 'Today 08:00')
  await isDue(alice, 'Call Ana', '4 Jul 2031 23:00')
  await set(alice, 'Call Ana', 'Priority 1')
  await expect(row(page, 'Call Ana').getByRole('img', { name: 'Priority 1' })).toBeVisible()
  await isDue(page, 'Call Ana', 'Today 08:00')
  await expect(row(page, 'Call Ana').getByRole('img', { name: 'Overdue since Today 08:00' })).toBeVisible()
})
