/** Keys: which there are, and a new one in place of one. */
import type { ApiKey } from '../../node/index.ts'
import type { Command } from '../main.ts'
import { printJson, printTable } from '../output.ts'

export const keysList: Command = {
  usage: '[--json]',
  summary: 'Lists your keys, newest first',
  async run(args) {
    const keys: ApiKey[] = []
    for await (const key of args.read().gateway().apiKeys.all()) keys.push(key)
    if (args.flag('json')) return printJson(keys)
    printTable(
      keys.map((key) => [
        key.api_key,
        key.kind,
        key.status,
        key.name,
        key.last_used_at ?? 'never used',
        key.expires_at,
      ]),
    )
  },
}

export const keysRoll: Command = {
  usage: 'KEY [--grace SECONDS]',
  summary: 'Makes a new key in place of one, which goes on for a day unless said; the secret is shown this once',
  async run(args) {
    args.read({ grace: 'string' })
    const grace = args.number('grace')
    const roll = grace === undefined ? {} : { grace_seconds: grace }
    printJson(await args.gateway().apiKeys.roll(args.word('key'), roll))
  },
}
