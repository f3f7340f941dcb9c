/**
 * Reads settings by type. A value that is not allowed stops the start with one line that names the variable, the value
 * and what is allowed: a typing error must not pass for a default. An empty value is an unset one, because that is what
 * `${NAME:-}` in a compose file leaves behind.
 */
import { StopReason } from './stop-reason.ts'

export class Environment<Name extends string> {
  readonly #values: Partial<Record<string, string>>

  constructor(values: Partial<Record<string, string>>) {
    this.#values = values
  }

  /** The text as it stands, or null. */
  text(name: Name): string | null {
    return this.#values[name]?.trim() || null
  }

  flag(name: Name, otherwise: boolean): boolean {
    const text = this.text(name)?.toLowerCase()
    if (!text) return otherwise
    if (text !== 'true' && text !== 'false') throw this.wrong(name, 'true or false')
    return text === 'true'
  }

  /** A whole number from `min` to `max`, both allowed. */
  integer(name: Name, otherwise: number, min: number, max: number): number {
    const text = this.text(name)
    if (text === null) return otherwise
    const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN
    if (!(value >= min && value <= max)) throw this.wrong(name, `a whole number from ${min} to ${max}`)
    return value
  }

  /** A share, from 0 to 1. */
  rate(name: Name, otherwise: number): number {
    const text = this.text(name)
    if (text === null) return otherwise
    const value = /^\d*\.?\d+$/.test(text) ? Number(text) : Number.NaN
    if (!(value >= 0 && value <= 1)) throw this.wrong(name, 'a number from 0 to 1, such as 0.95')
    return value
  }

  choice<Choice extends string>(name: Name, otherwise: Choice, choices: readonly Choice[]): Choice {
    const text = this.text(name)
    if (text === null) return otherwise
    const choice = choices.find((known) => known === text)
    if (!choice) throw this.wrong(name, choices.join(', '))
    return choice
  }

  /** The text if it fits `pattern`. `allowed` says the same to a reader. */
  matching(name: Name, otherwise: string, pattern: RegExp, allowed: string): string {
    const text = this.text(name) ?? otherwise
    if (!pattern.test(text)) throw this.wrong(name, allowed)
    return text
  }

  /** An http(s) address, without a slash at its end. */
  webAddress(name: Name, otherwise: string): string {
    const text = this.text(name) ?? otherwise
    const url = URL.canParse(text) ? new URL(text) : null
    if (!url || !/^https?:$/.test(url.protocol))
      throw this.wrong(name, 'an address that begins with http:// or https://')
    return text.replace(/\/+$/, '')
  }

  /** The error of a value that is not allowed. `shown` replaces a value that is a secret. */
  wrong(name: Name, allowed: string, shown = `"${this.text(name)}"`): StopReason {
    return new StopReason(`${name} is ${shown}; allowed is ${allowed}`)
  }
}
