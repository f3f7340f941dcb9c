/** Everything that is built for browsers. `npm start` builds what is missing or old; an image is built with it. */
import { dashboardBundle } from '../dashboard/build.ts'
import { checkoutBundle } from '../sdk/build.ts'
import { bundleIfOld } from '../web/bundle.ts'

const BUNDLES = [dashboardBundle, checkoutBundle]

export async function buildBundles(say: (line: string) => void): Promise<void> {
  for (const bundle of BUNDLES) await bundleIfOld(bundle, say)
}
