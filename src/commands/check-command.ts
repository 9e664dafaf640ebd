import { describeProblems, loadSettings } from '#config/load.ts'
import type { Command } from './command.ts'

export const check: Command = {
  synopsis: '',
  summary: 'config problems, all at once, with line and column',
  async run({ options, environment, out, err }) {
    const loaded = await loadSettings({ path: options.config, environment })
    if (loaded.outcome === 'refused') {
      err(describeProblems(options.config, loaded.problems))
      return 1
    }
    if (loaded.warnings.length > 0) err(describeProblems(options.config, loaded.warnings))
    const { policy, identityProviders } = loaded.settings
    out(
      `${options.config}: sound. ${policy.accounts.size} accounts, ` +
        `${policy.permissionSets.size} permission sets, ${identityProviders.size} identity providers\n`,
    )
    return 0
  },
}
