// Other programs that change the page: translators, and extensions that put in what is theirs.
import { type Page, expect, test } from '../support/test.ts'
import { addTask, clearTeaching, complete, composer, retitle, row, sees, seesCompleted, settled, shareLink, title } from '../support/verbs.ts'

/** In the page: does what a translator does, which is in place of each text an element with the translation. */
function translate() {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  const texts: Text[] = []
  while (walker.nextNode()) texts.push(walker.currentNode as Text)
  for (const text of texts) {
    if (!text.data.trim() || text.parentElement!.closest('script, style, textarea, font')) continue
    const [outer, inner] = [document.createElement('font'), document.createElement('font')]
    inner.textContent = `[${text.data}]`
    outer.append(inner)
    text.replaceWith(outer)
  }
  document.documentElement.classList.add('translated-ltr')
}

/** In the page: does what extensions do. */
function meddle() {
  document.body.prepend(Object.assign(document.createElement('div'), { id: 'theirs', textContent: 'theirs' }))
  document.body.append(document.createElement('their-element'))
  document.documentElement.append(document.createElement('their-element'))
  for (const form of document.forms) form.prepend(document.createElement('their-button'))
  for (const field of document.querySelectorAll('input, textarea')) field.setAttribute('data-gramm', 'false')
  for (const element of document.querySelectorAll('*')) element.setAttribute('data-darkreader-inline-color', '')
}

/** Opens the page with its script held back until it was changed. A worker would ask for the script in place of the page. */
async function changedBefore(newcomer: (options: object) => Promise<Page>, link: string, change: (page: Page) => Promise<void>) {
  const page = await newcomer({ serviceWorkers: 'block' })
  await page.goto(link)
  await page.getByRole('button', { name: 'Join the list' }).click()
  await settled(page)
  let go = () => {}
  const changed = new Promise<void>((done) => (go = done))
  await page.route(/\/pkg\/tandem\.\w+\.js$/, async (route) => {
    await changed
    await route.continue()
  })
  await page.reload({ waitUntil: 'commit' })
  // By then the first script has run.
  await page.waitForFunction(() => 'tandemCut' in globalThis)
  await change(page)
  go()
  return page
}

/** What is on the page is what is so, whoever does it. */
async function isRight(page: Page, other: Page) {
  await settled(page)
  await addTask(page, 'Milk', 'Bread')
  await sees(other, 'Milk', 'Bread')
  await retitle(other, 'Milk', 'Oat milk')
  await sees(page, 'Oat milk', 'Bread')
  await complete(other, 'Bread')
  await seesCompleted(page, 'Bread')
  await expect(page.locator('.sync')).toContainText('Live')
  await expect(page.locator('#stale')).toBeHidden()
}

test.beforeEach(async ({ alice, bob }) => {
  await clearTeaching(alice)
  await sees(bob)
})

for (const [name, change] of [['translated', translate], ['changed by extensions', meddle]] as const) {
  test(`a page that is ${name} before it comes alive is right`, async ({ newcomer, alice, bob }) => {
    const page = await changedBefore(newcomer, await shareLink(alice), (page) => page.evaluate(change))
    await isRight(page, bob)
  })

  test(`a page that is ${name} while it lives is right`, async ({ alice, bob }) => {
    await alice.evaluate(change)
    await isRight(alice, bob)
    await alice.evaluate(change)
    await retitle(bob, 'Oat milk', 'Soy milk')
    await sees(alice, 'Soy milk')
    await title(alice, 'Soy milk').press('Delete')
    await expect(row(alice, 'Soy milk')).toBeHidden()
  })
}

test('what was typed before the page was changed and came alive stays', async ({ newcomer, alice }) => {
  const page = await changedBefore(newcomer, await shareLink(alice), async (page) => {
    await composer(page).fill('Half a thought')
    await page.evaluate(translate)
  })
  await settled(page)
  await expect(composer(page)).toHaveValue('Half a thought')
  await expect(composer(page)).toBeFocused()
})

test('a page that something changes too early works by its forms, says so, and keeps what was typed', async ({ newcomer }) => {
  const page = await newcomer()
  await page.addInitScript(() => {
    // Before any script of the page runs.
    new MutationObserver((_, observer) => {
      const title = document.querySelector('.task-title')
      if (!title?.firstChild) return
      observer.disconnect()
      const font = document.createElement('font')
      font.textContent = '[old]'
      title.firstChild.replaceWith(font)
    }).observe(document, { childList: true, subtree: true })
  })
  await page.goto('/')
  const says = page.getByText('So it is not live here: it works by its forms.')
  await expect(says).toBeVisible()
  await expect(page.locator('.sync')).toBeHidden()
  await composer(page).fill('Milk')
  await page.getByRole('button', { name: 'Add', exact: true }).click()
  await expect(title(page, 'Milk')).toBeVisible()
})

test('where a translator insists the page says that it may be old, and offers its forms', async ({ alice }) => {
  await composer(alice).fill('Half a thought')
  await alice.evaluate(() => {
    const again = () => {
      const text = document.querySelector('#new-task-hint')!.firstChild!
      if (text.nodeName === 'FONT') return
      const font = document.createElement('font')
      font.textContent = '[old]'
      text.replaceWith(font)
    }
    setInterval(again, 1)
  })
  await expect(alice.getByText('A translation keeps changing this page')).toBeVisible()
  await expect(alice.locator('.sync')).toBeHidden()
  await alice.getByRole('link', { name: 'Load it again' }).click()
  await expect(alice.getByText('So it is not live here: it works by its forms.')).toBeVisible()
  await expect(composer(alice)).toHaveValue('Half a thought')
  await alice.getByRole('link', { name: 'Load it again' }).click()
  await settled(alice)
})

test('what translates each new text at once takes no row away', async ({ newcomer }) => {
  const page = await newcomer({ serviceWorkers: 'block' })
  // As an extension's script, which is there before any of ours.
  await page.addInitScript(() => {
    new MutationObserver((records) => {
      for (const { addedNodes } of records) {
        for (const node of addedNodes) {
          const button = node instanceof Element ? node.querySelector('.task-title') : null
          const text = button?.firstChild
          if (!text || text.nodeName === 'FONT' || !document.documentElement.dataset.sync) continue
          const font = document.createElement('font')
          font.textContent = `[${text.textContent}]`
          text.replaceWith(font)
        }
      }
    }).observe(document, { childList: true, subtree: true })
  })
  await page.goto('/')
  await settled(page)
  await clearTeaching(page)
  await addTask(page, 'Milk', 'Bread', 'Tea')
  await sees(page, 'Milk', 'Bread', 'Tea')
  await settled(page)
})
