import { findAccount } from '#domain/access.ts'
import { iamFormats, renderIamText } from '#domain/iam-templates.ts'
import { loadOrReport, type Command } from './command.ts'

const placeholderArn = 'arn:aws:iam::BROKER_ACCOUNT:role/sekisho-broker'

export const iam: Command = {
  synopsis: '[--format json|cloudformation|terraform] [ACCOUNT]',
  summary: 'the IAM policies that the running config needs, ready to paste',
  async run(input) {
    const settings = await loadOrReport(input)
    if (!settings) return 1
    const format = iamFormats.find((known) => known === input.options.format)
    if (!format) {
      input.err(`iam: --format is one of ${iamFormats.join(', ')}\n`)
      return 2
    }
    const [name] = input.arguments
    const account = name === undefined ? null : findAccount(settings.policy, name)
    if (name !== undefined && !account) {
      input.err(`iam: the config has no account "${name}"\n`)
      return 1
    }
    const brokerArn = input.options.broker ?? placeholderArn
    input.out(renderIamText(format, { policy: settings.policy, account, brokerArn }))
    return 0
  },
}
