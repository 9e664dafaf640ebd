/** The AWS double in a process of its own. One role is enough: AWS does the same work for any. */
import { demoCaller } from '#demo/demo-aws.ts'
import { startAwsDouble } from '#demo/aws-double.ts'
import { accountId, setSlug } from '../bench-config.ts'
import { answerParent, inputOf } from '../child-side.ts'
import type { DemoPorts } from '#demo/demo-config.ts'

const { ports } = inputOf<{ readonly ports: DemoPorts }>()
const double = await startAwsDouble({
  ports,
  callers: [demoCaller],
  roles: [
    {
      arn: `arn:aws:iam::${accountId(0)}:role/sekisho/${setSlug(0)}`,
      trust: { principals: [demoCaller.arn] },
    },
  ],
  // A session must outlive the slowest exchange with it, however many come meanwhile.
  recordLimit: 20_000,
})
answerParent(
  {},
  {
    delay(milliseconds: number) {
      const fault = milliseconds === 0 ? null : ({ kind: 'delay', milliseconds } as const)
      double.faults.set('sts', fault)
      double.faults.set('federation', fault)
    },
  },
  () => double.stop(),
)
