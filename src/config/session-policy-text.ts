/** An inline session policy as AssumeRole takes it: compact JSON, for AWS counts the characters. */

/** Text that is no JSON stays as it is: policyProblems says so. */
export function policyText(policy: string | object): string {
  if (typeof policy !== 'string') return JSON.stringify(policy)
  try {
    return JSON.stringify(JSON.parse(policy))
  } catch {
    return policy
  }
}
