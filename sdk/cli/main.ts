/**
 * The gateway from a shell:
 *
 *   npx gateway payments create --order cart-1042 --amount 50000 --vpa success@sim --wait
 *   npx gateway listen --forward-to http://localhost:4000/webhooks
 *
 * A command is a file in commands/: what it takes, what it does, what it prints.
 */
import { GatewayRefusal, GatewayUnreachable } from '../node/index.ts'
import { Arguments, UsageError } from './arguments.ts'
import { keysList, keysRoll } from './commands/keys.ts'
import { listen } from './commands/listen.ts'
import { paymentsCreate, paymentsGet, paymentsList, paymentsTimeline } from './commands/payments.ts'
import { trigger } from './commands/trigger.ts'
import { webhooksVerify } from './commands/webhooks.ts'

export interface Command {
  /** What follows its name. */
  usage: string
  summary: string
  run(args: Arguments): Promise<void>
}

const COMMANDS: Record<string, Command> = {
  'payments create': paymentsCreate,
  'payments get': paymentsGet,
  'payments list': paymentsList,
  'payments timeline': paymentsTimeline,
  trigger,
  listen,
  'webhooks verify': webhooksVerify,
  'keys list': keysList,
  'keys roll': keysRoll,
}

const CONNECTION = `
Connection, by flag or environment:
  --url URL         GATEWAY_URL, http://localhost:8000 unless set
  --key KEY         GATEWAY_API_KEY, the test merchant's unless set
  --secret SECRET   GATEWAY_API_SECRET
`

function help(): string {
  const lines = Object.entries(COMMANDS).map(
    ([name, { usage, summary }]) => `  gateway ${name} ${usage}\n      ${summary}`,
  )
  return `The gateway from a shell.\n\n${lines.join('\n')}\n${CONNECTION}`
}

async function main(words: string[]): Promise<void> {
  const name = [words.slice(0, 2).join(' '), words[0] ?? ''].find((candidate) => candidate in COMMANDS)
  const command = name === undefined ? undefined : COMMANDS[name]
  if (name === undefined || !command) {
    const asked = words.length === 0 || words.includes('--help') || words[0] === 'help'
    if (!asked) throw new UsageError(`there is no command "${words.slice(0, 2).join(' ')}"; gateway --help lists them`)
    console.log(help())
    return
  }
  const rest = words.slice(name.split(' ').length)
  if (rest.includes('--help')) console.log(`gateway ${name} ${command.usage}\n\n${command.summary}\n${CONNECTION}`)
  else await command.run(new Arguments(rest, `gateway ${name} ${command.usage}`))
}

main(process.argv.slice(2)).catch((error: unknown) => {
  // What the caller can mend is told in a line; anything else is a defect, and shows where it comes from.
  const known = error instanceof UsageError || error instanceof GatewayRefusal || error instanceof GatewayUnreachable
  console.error(known ? error.message : error)
  process.exitCode = error instanceof UsageError ? 2 : 1
})
