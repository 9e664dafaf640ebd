import { it } from 'node:test'
import { setUpAws, anOpening } from '../support/aws-openings.ts'
it('smoke', async (t) => {
  const { aws, federation } = await setUpAws(t, {})
  await federation.openConsole(anOpening())
  aws.faults.set('sts', { kind: 'wrong-date' }, { times: 1 })
  await federation.openConsole(anOpening())
  for (let i=0;i<3;i++) {
    const n = aws.requests.length
    const p = await federation.openConsole(anOpening()).then((o) => o.notices, (e) => [e.name, e.code, e.operatorNote?.finding, e.operatorNote?.message, e.cause?.status])
    console.log(p, aws.requests.slice(n).map(r => [r.at, r.status, r.cause]))
  }
})
