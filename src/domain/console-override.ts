import type { AwsSettings } from './settings.ts'

/**
 * The console where the config names another than AWS's own: doubles, private endpoints. Only its
 * origin counts, with the home Region where the template has one in its host.
 */
export function consoleOverrideOf({
  endpoints,
  region,
}: Pick<AwsSettings, 'endpoints' | 'region'>): URL | null {
  return endpoints.console === null
    ? null
    : new URL(endpoints.console.replaceAll('{region}', region))
}
