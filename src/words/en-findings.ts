import type { FindingCatalogue } from './problem-words.ts'

export const enFindings: FindingCatalogue = {
  'source-identity-refused':
    'The role’s trust policy does not allow sts:SetSourceIdentity for Sekisho. Add the action to the trust policy, and to Sekisho’s own policy; or set attribution: lenient.',
  'tags-refused':
    'The role’s trust policy does not allow sts:TagSession for Sekisho, or not with these tags. Add the action to the trust policy, and to Sekisho’s own policy; or set attribution: lenient.',
  'explicit-deny':
    'A policy denies this in so many words: a service control policy, a permissions boundary, or a Deny in the trust policy or in Sekisho’s own policy.',
  'broker-policy-refuses':
    'Sekisho’s own policy does not allow sts:AssumeRole on this role. Add the role’s ARN to it.',
  'trust-policy-refuses':
    'The role’s trust policy does not allow Sekisho, or not under these conditions (external ID, organisation, source address).',
  'assume-role-refused':
    'AWS does not say why. Check in this order: 1. Is there such a role in that account, with this path? 2. Does its trust policy name Sekisho’s principal? 3. Is the external ID the same on both sides? 4. Does Sekisho’s own policy allow sts:AssumeRole on it? 5. Does a service control policy deny it?',
  'duration-over-role-maximum':
    'The role’s MaxSessionDuration is shorter than consoleDuration. Raise the one or lower the other.',
  'duration-over-chaining-cap':
    'Sekisho’s own credentials come from a role, and AWS gives chained sessions one hour at most. Lower consoleDuration, or run Sekisho on credentials that are not chained.',
  'duration-out-of-range':
    'AWS takes session durations between 15 minutes and 12 hours. Change consoleDuration.',
  'session-name-malformed':
    'AWS did not accept the role session name. This is a fault of Sekisho: report it with the request ID.',
  'source-identity-already-set':
    'Sekisho’s own credentials carry a source identity already, and AWS lets nobody change one. Set sourceIdentity: false, or give Sekisho other credentials.',
  'role-arn-malformed':
    'AWS does not accept the role’s ARN. Check roleName and the account’s partition.',
  'tag-keys-duplicate':
    'Two session tags have the same key. AWS does not tell upper from lower case.',
  'transitive-tag-missing': 'A transitive tag is not among the session tags.',
  'transitive-tag-conflict':
    'Sekisho’s own credentials carry a transitive tag of the same key, which cannot be changed. Rename the session tag.',
  'request-malformed':
    'AWS did not accept the request. Its message names the field; check the permission set.',
  'session-policy-malformed':
    'AWS cannot read the session policy of this permission set. Check sessionPolicy.',
  'packed-policy-too-large':
    'Session policy, policy ARNs and tags together are too large for AWS. Shorten the session policy or leave out tags.',
  'region-disabled':
    'STS is not active in this Region for the account of the role. Activate it there, in IAM’s account settings, or configure another Region.',
  'broker-credentials-expired':
    'Sekisho’s own credentials have expired. Renew what the SDK’s default chain finds on that machine.',
  'broker-credentials-unknown':
    'AWS does not know Sekisho’s own access key: deleted, inactive, or of another partition.',
  'broker-credentials-missing':
    'The SDK’s default chain finds no credentials on this machine: environment, shared files, container, instance metadata.',
  'clock-skew':
    'The clock of the machine that Sekisho runs on is wrong by minutes. Synchronise it.',
  'signature-mismatch':
    'AWS rejects Sekisho’s signature. The secret access key does not belong to the access key, or a proxy changes requests.',
  throttled: 'AWS throttles these calls. Ask less often, or ask AWS for a higher limit.',
  'aws-fault': 'AWS reports a fault of its own. See the health dashboard of that Region.',
  'answer-unreadable':
    'The answer was not what AWS sends. A proxy or a captive portal may stand between.',
  'timed-out': 'AWS did not answer in time. Check routes, proxies and endpoints of that machine.',
  unreachable:
    'AWS could not be reached: name resolution, connection or TLS failed. Check endpoints and proxies.',
  'refused-otherwise':
    'AWS refused in a way that Sekisho does not know. Its own message says more.',
  'session-duration-refused':
    'The federation endpoint did not accept SessionDuration. With consoleSessionDuration: auto Sekisho leaves it out from now on.',
  'federation-refused':
    'The federation endpoint refused the credentials of the role session. A session policy or a service control policy may forbid signin:GetSigninToken or the console.',
  'federation-redirected':
    'The federation endpoint answered with a redirection, which is not followed: credentials would go elsewhere. Check aws.endpoints.signIn.',
  'console-host-unknown':
    'No public source names the console’s host in this partition. Set aws.endpoints.console.',
  unknown: 'There is no explanation for this finding yet. AWS’s own message says more.',
}
