// The operator's pages where no script runs: as of loading.
import { expect, test } from '../support/test.ts'
import { becomeOperator, figure, giveNonsense, lines } from '../support/verbs.ts'

test('without script the operator gives the code, sees how it is and filters the log', async ({ newcomer, server }) => {
  const operator = await newcomer()
  await giveNonsense(operator)
  await becomeOperator(operator, server.operatorCode)
  await expect(operator.getByText('State at loading')).toBeVisible()
  await expect(figure(operator, 'Streams open')).toHaveText('0')
  await expect(lines(operator)).toHaveCount(1)
  await expect(operator.getByRole('button', { name: 'Hold' })).toBeHidden()
  await operator.getByRole('searchbox', { name: 'Text' }).fill('nobody said that')
  await operator.getByRole('button', { name: 'Show' }).click()
  await expect(lines(operator)).toHaveCount(0)
  await expect(operator.getByText('Nothing to show.')).toBeVisible()
  await expect(operator.getByRole('searchbox', { name: 'Text' })).toHaveValue('nobody said that')
})
