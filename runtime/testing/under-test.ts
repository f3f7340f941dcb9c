/** The scripts that tests run: as they are, or as the mutant in force has them. */
import { scriptText } from '../scripts.ts'
import { broken, mutantInForce } from './mutants.ts'

const PRELUDE = 'runtime/scripts/prelude.lua'

export function textUnderTest(name: string): string {
  const text = scriptText(name)
  const mutant = mutantInForce()
  const concerned = mutant?.file === `runtime/scripts/${name}.lua` || mutant?.file === PRELUDE
  return concerned ? broken(text, mutant) : text
}
