import { loadBrokerArn } from '#adapters/aws/broker-arn.ts'
import { findAccount } from '#domain/access.ts'
import { iamFormats, renderIamText } from '#domain/iam-templates.ts'
import type { Settings } from '#domain/settings.ts'
import { product } from '../broker.ts'
import { loadOrReport, type Command, type CommandInput } from './command.ts'

/** What the templates say where nobody knows whom the roles shall trust. */
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
    const brokerArn = input.options.broker ?? (await ownArn(settings, input))
    input.out(renderIamText(format, { policy: settings.policy, account, brokerArn }))
    return 0
  },
}

async function ownArn({ aws }: Settings, input: CommandInput): Promise<string> {
  const reading = await loadBrokerArn({ settings: aws, product })
  if (reading.outcome === 'arn') return reading.arn
  // Their provider's message has been through our own words once already.
  const why = reading.why.replace(/^([a-z-]+: )\1+/, '$1')
  input.err(`iam: no AWS credentials answer here (${why}): put your broker's ARN for\n`)
  input.err(`iam: ${placeholderArn}, or name it with --broker\n`)
  return placeholderArn
}
