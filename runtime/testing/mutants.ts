/** see below */
import { scriptText } from '../scripts.ts'
export function textUnderTest(name: string): string {
  return scriptText(name)
}
