import { randomUUID } from 'node:crypto'

import type { Answer } from './double-listener.ts'
import { escapeMarkup } from './markup.ts'

const stsNamespace = 'https://sts.amazonaws.com/doc/2011-06-15/'
const faultNamespace = 'http://webservices.amazon.com/AWSFault/2005-15-09'

/**
 * What STS refuses, with the code and message that go over the wire. `reason` does not: AWS gives one
 * AccessDenied for many reasons, and only the double's own record may tell them apart.
 */
export class StsRefusal extends Error {
  readonly status: number
  readonly code: string
  readonly reason: string | undefined

  constructor(status: number, code: string, message: string, reason?: string) {
    super(message)
    this.status = status
    this.code = code
    this.reason = reason
  }
}

/** Refuses parameters the way STS words it: 400 ValidationError. */
export function validationError(message: string): StsRefusal {
  return new StsRefusal(400, 'ValidationError', message)
}

/** Element names and their content, in the order they are printed. */
export type XmlTree = { readonly [name: string]: string | number | XmlTree | undefined }

export function stsSuccess(action: string, result: XmlTree): Answer {
  const requestId = randomUUID()
  const tree = { [`${action}Result`]: result, ResponseMetadata: { RequestId: requestId } }
  const body = `<${action}Response xmlns="${stsNamespace}">${xmlOf(tree)}</${action}Response>\n`
  return { status: 200, headers: stsHeaders(requestId), body }
}

/** Dispatch errors come in AWS's fault namespace, all others in that of STS. */
export function stsFailure(status: number, code: string, message: string): Answer {
  const requestId = randomUUID()
  const namespace = code === 'InvalidAction' ? faultNamespace : stsNamespace
  const tree = {
    Error: { Type: status < 500 ? 'Sender' : 'Receiver', Code: code, Message: message },
    RequestId: requestId,
  }
  const body = `<ErrorResponse xmlns="${namespace}">${xmlOf(tree)}</ErrorResponse>\n`
  return { status, headers: stsHeaders(requestId), body }
}

function stsHeaders(requestId: string): Record<string, string> {
  return { 'content-type': 'text/xml', 'x-amzn-RequestId': requestId }
}

function xmlOf(tree: XmlTree): string {
  return Object.entries(tree)
    .filter(([, content]) => content !== undefined)
    .map(([name, content]) => {
      const inside = typeof content === 'object' ? xmlOf(content) : escapeMarkup(String(content))
      return `<${name}>${inside}</${name}>`
    })
    .join('')
}
