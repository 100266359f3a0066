// What whoever runs the server sees: the figures and the log, while others work.
import { expect, test } from '../support/test.ts'
import { addTask, becomeOperator, figure, giveNonsense, guessCode, lines } from '../support/verbs.ts'

test('the operator sees figures move and the log grow beside a person who works', async ({ alice, newcomer, server }) => {
  const operator = await newcomer()
  await giveNonsense(operator)
  await becomeOperator(operator, server.operatorCode.toUpperCase())
  await expect(operator.getByRole('status')).toHaveText('Live')
  await expect(figure(operator, 'Streams open')).toHaveText('2')
  await expect(figure(operator, 'People')).toHaveText('2')
  await expect(figure(operator, 'Half delivered within')).toHaveText('–')
  const chart = operator.getByRole('img', { name: /Events a second/ })
  const line = await operator.locator('#chart-line').getAttribute('d')

  await addTask(alice, 'Milk', 'Bread', 'Eggs')
  await expect(figure(operator, 'Half delivered within')).toHaveText(/[\d.]+ ms/)
  await expect(chart).toHaveAccessibleName(/at most [1-9]\d* within two minutes/)
  await expect(operator.locator('#chart-line')).not.toHaveAttribute('d', line!)

  // Somebody else tries their luck.
  const stranger = await newcomer()
  await guessCode(stranger)
  await expect(lines(operator).last()).toContainText('a wrong operator code was given')
  await expect(lines(operator)).toHaveCount(2)
  await operator.getByRole('combobox', { name: 'Level' }).selectOption('Warnings')
  await expect(lines(operator)).toHaveCount(1)
  await operator.getByRole('searchbox', { name: 'Text' }).fill('nobody said that')
  await expect(lines(operator)).toHaveCount(0)
  await expect(operator.getByText('Nothing to show.')).toBeVisible()
  await operator.getByRole('searchbox', { name: 'Text' }).fill('WRONG')
  await expect(lines(operator)).toHaveCount(1)
})

test('after a restart the page goes on, and a log that is held still is told later what came', async ({ newcomer, server }) => {
  const operator = await newcomer()
  await becomeOperator(operator, server.operatorCode)
  await expect(lines(operator)).toHaveCount(1)
  await server.restart()
  await expect(operator.getByRole('status')).toHaveText('Connecting')
  await expect(operator.getByRole('status')).toHaveText('Live')
  const hold = operator.getByRole('button', { name: 'Hold' })
  await hold.focus()
  await operator.keyboard.press('Space')
  await expect(hold).toHaveAttribute('aria-pressed', 'true')
  const before = await lines(operator).count()
  const stranger = await newcomer()
  await guessCode(stranger)
  const seconds = figure(operator, 'Uptime')
  await expect(seconds).not.toHaveText((await seconds.textContent())!)
  await expect(lines(operator)).toHaveCount(before)
  await operator.keyboard.press('Space')
  await expect(lines(operator).last()).toContainText('a wrong operator code was given')
})
