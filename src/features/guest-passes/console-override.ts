import type { AwsSettings } from '#domain/settings.ts'

/** Host of the console where the config names another than AWS's own: doubles, private endpoints. */
export function consoleOverrideOf({ endpoints }: Pick<AwsSettings, 'endpoints'>): URL | null {
  return endpoints.console === null
    ? null
    : new URL(endpoints.console.replaceAll('{region}', 'region'))
}
