/**
 * The dashboard's app as browsers load it. Every page is a chunk of its own, so that the first page costs its own bytes and
 * the shell's. Vite is named only here, because an image that has the result needs no tools.
 */
import { join } from 'node:path'
import type { Bundle } from '../web/bundle.ts'

const here = import.meta.dirname

export const dashboardBundle: Bundle = {
  name: 'dashboard',
  entry: join(here, 'app', 'main.tsx'),
  sources: [
    join(here, 'app'),
    join(here, 'styles'),
    join(here, 'public'),
    join(here, 'index.html'),
    join(here, 'build.ts'),
    join(here, '..', 'web'),
    join(here, '..', 'package-lock.json'),
  ],
  output: join(here, 'dist'),
  async build(folder) {
    const [{ build }, { default: solid }] = await Promise.all([import('vite'), import('vite-plugin-solid')])
    await build({
      root: here,
      configFile: false,
      logLevel: 'warn',
      plugins: [solid()],
      build: {
        outDir: folder,
        emptyOutDir: true,
        target: 'es2022',
        modulePreload: { polyfill: false },
        assetsInlineLimit: 0,
        // On a busy machine everything is slow; that is no news of a build.
        rolldownOptions: { checks: { pluginTimings: false } },
      },
    })
  },
}
