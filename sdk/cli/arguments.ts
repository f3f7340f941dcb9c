/** What stands behind a command's name, and the gateway that it is meant for. */
import { parseArgs } from 'node:util'
import { Gateway } from '../node/index.ts'

/** The command was called in a way that it does not know. */
export class UsageError extends Error {
  override name = 'UsageError'
}

type Flag = 'string' | 'boolean' | 'string[]'
type Values = Record<string, string | boolean | (string | boolean)[] | undefined>

const TEST_MERCHANT = { key: 'key_test_abc123', secret: 'secret_test_xyz789' }
const CONNECTION = { url: 'string', key: 'string', secret: 'string', json: 'boolean' } as const

export class Arguments {
  readonly #words: string[]
  readonly #usage: string
  #values: Values = {}
  #positionals: string[] = []

  constructor(words: string[], usage: string) {
    this.#words = words
    this.#usage = usage
  }

  /** Reads the flags that the command knows; `string[]` may be said several times. Throws UsageError for any other. */
  read(flags: Record<string, Flag> = {}): this {
    const all: Record<string, Flag> = { ...CONNECTION, ...flags }
    const known = Object.entries(all).map(([name, flag]) => {
      return [name, flag === 'string[]' ? { type: 'string' as const, multiple: true } : { type: flag }] as const
    })
    try {
      const { values, positionals } = parseArgs({
        args: this.#words,
        options: Object.fromEntries(known),
        allowPositionals: true,
      })
      this.#values = values
      this.#positionals = positionals
    } catch (error) {
      throw this.wrong((error as Error).message)
    }
    return this
  }

  text(flag: string): string | undefined {
    const value = this.#values[flag]
    return typeof value === 'string' ? value : undefined
  }

  texts(flag: string): string[] {
    const value = this.#values[flag]
    return Array.isArray(value) ? value.map(String) : []
  }

  flag(flag: string): boolean {
    return this.#values[flag] === true
  }

  /** A whole number. Throws UsageError for anything else. */
  number(flag: string): number | undefined {
    const text = this.text(flag)
    if (text === undefined || /^\d{1,15}$/.test(text)) return text === undefined ? undefined : Number(text)
    throw this.wrong(`--${flag} must be a whole number`)
  }

  /** Throws UsageError when it is missing. */
  required(flag: string): string {
    const text = this.text(flag)
    if (text === undefined) throw this.wrong(`--${flag} is missing`)
    return text
  }

  /** The one word that the command is about. Throws UsageError when it is missing. */
  word(name: string): string {
    const [word, ...more] = this.#positionals
    if (word === undefined || more.length > 0) throw this.wrong(`say one ${name}`)
    return word
  }

  gateway(): Gateway {
    const { env } = process
    return new Gateway({
      baseUrl: this.text('url') ?? env.GATEWAY_URL ?? 'http://localhost:8000',
      apiKey: this.text('key') ?? env.GATEWAY_API_KEY ?? TEST_MERCHANT.key,
      apiSecret: this.text('secret') ?? env.GATEWAY_API_SECRET ?? TEST_MERCHANT.secret,
    })
  }

  wrong(what: string): UsageError {
    return new UsageError(`${what}\n\nusage: ${this.#usage}`)
  }
}
