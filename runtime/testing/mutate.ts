/** Loaded before a test (`node --import`): hands out the module that the mutant in force breaks, broken. */
import { registerHooks } from 'node:module'
import { broken, mutantInForce } from './mutants.ts'

const mutant = mutantInForce()
const url = mutant?.file.endsWith('.ts') ? new URL(`../../${mutant.file}`, import.meta.url).href : null

registerHooks({
  load(address, context, next) {
    const loaded = next(address, context)
    if (!mutant || address !== url) return loaded
    return { ...loaded, source: broken(String(loaded.source), mutant) }
  },
})
