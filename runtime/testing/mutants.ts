/**
 * Code broken on purpose, for each window of failure: a remedy is tested only if some test fails without it. `MUTANT` names the one
 * that is in force; tests take their scripts broken (under-test.ts), and modules are broken while they are loaded (mutate.ts).
 */
import { MUTANTS_OF_MODULES } from './mutants-of-modules.ts'
import { MUTANTS_OF_SCRIPTS } from './mutants-of-scripts.ts'
import { MUTANTS_OF_STORAGE } from './mutants-of-storage.ts'

export interface Mutant {
  name: string
  /** The window of failure whose remedy is taken out. */
  window: string
  /** From the root of the repository. */
  file: string
  from: string
  to: string
  /** The test file that must fail. */
  caughtBy: string
}

export const MUTANTS: Mutant[] = [...MUTANTS_OF_SCRIPTS, ...MUTANTS_OF_MODULES, ...MUTANTS_OF_STORAGE]

/** The mutant that `MUTANT` names, if any. */
export function mutantInForce(): Mutant | null {
  const { MUTANT } = process.env
  if (!MUTANT) return null
  const mutant = MUTANTS.find(({ name }) => name === MUTANT)
  if (!mutant) throw new Error(`no mutant is called ${MUTANT}`)
  return mutant
}

/** `text` as the mutant has it. Throws when there is nothing to break: the code has moved on, and the mutant has not. */
export function broken(text: string, { name, from, to }: Mutant): string {
  if (!text.includes(from)) throw new Error(`the mutant "${name}" finds nothing to break`)
  return text.replace(from, () => to)
}
