/** Why does my signature not verify? Hands a webhook as it was received to the gateway's explainer. */
import { readFileSync } from 'node:fs'
import type { Arguments } from '../arguments.ts'
import type { Command } from '../main.ts'
import { printJson } from '../output.ts'

export const webhooksVerify: Command = {
  usage: "--payload FILE|- --header 'webhook-signature: v1,...' [--header ...] [--signing-secret whsec_...] [--json]",
  summary: 'Says whether a received webhook is ours, and if not, what happened to it',
  async run(args) {
    args.read({ payload: 'string', header: 'string[]', 'signing-secret': 'string' })
    const gateway = args.gateway()
    const secret = args.text('signing-secret') ?? (await gateway.webhooks.config()).webhook_secret
    const explained = await gateway.webhooks.explain({ payload: payloadOf(args), headers: headersOf(args), secret })
    process.exitCode = explained.verified ? 0 : 1
    if (args.flag('json')) return printJson(explained)
    console.log(explained.summary)
    for (const { header, verified, explanation } of explained.signatures) {
      console.log(`\n${header}: ${verified ? 'fits' : 'does not fit'}\n  ${explanation}`)
    }
    const { difference } = explained
    if (!difference) return
    console.log(`\nthe body departs at character ${difference.at}:`)
    console.log(`  sent      ${JSON.stringify(difference.sent)}\n  received  ${JSON.stringify(difference.received)}`)
  },
}

/** `-`: standard input. The bytes count, so nothing is trimmed. */
function payloadOf(args: Arguments): string {
  const path = args.required('payload')
  try {
    return readFileSync(path === '-' ? 0 : path, 'utf8')
  } catch (error) {
    throw args.wrong(`--payload can't be read: ${(error as Error).message}`)
  }
}

function headersOf(args: Arguments): Record<string, string> {
  const headers = args.texts('header').map((text) => /^([^:\s]+):\s*(.*)$/s.exec(text))
  if (headers.length === 0 || headers.includes(null)) throw args.wrong("say each header as --header 'name: value'")
  return Object.fromEntries(headers.map((match) => [match?.[1] ?? '', match?.[2] ?? '']))
}
