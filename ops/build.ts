/** `npm run build`: what browsers load. */
import { buildBundles } from './bundles.ts'

await buildBundles(console.log)
