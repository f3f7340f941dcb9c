/**
 * What browsers load of the checkout: checkout.js, one classic script that asks nothing of a merchant's page; the frame, one module
 * and one style sheet; and the demo store and docs, apart, so that they weigh nothing on a payment. Vite is named only here,
 * because an image that has the result needs no tools.
 */
import { join } from 'node:path'
import type { InlineConfig } from 'vite'
import { type Bundle, bundleIfOld } from '../web/bundle.ts'
import { onlyGlyphs } from './build/only-glyphs.ts'
import { unwrapLayers } from './build/unwrap-layers.ts'

const here = import.meta.dirname
/** Private fields as they are: lowered to es2020 they double the loader. */
const TARGET = 'es2022'

export const checkoutBundle: Bundle = {
  name: 'checkout',
  entry: join(here, 'frame', 'main.tsx'),
  sources: [
    ...['build', 'build.ts', 'frame', 'loader', 'messages.ts', 'pages', '../web', '../package-lock.json'].map((path) =>
      join(here, path),
    ),
  ],
  output: join(here, 'dist'),
  async build(folder) {
    const [{ build }, { default: solid }] = await Promise.all([import('vite'), import('vite-plugin-solid')])
    await build(loader(folder))
    await build({
      ...page(folder, 'frame', 'main.tsx'),
      plugins: [solid(), onlyGlyphs(join(here, 'frame', 'views')), unwrapLayers()],
    })
    await build(page(folder, 'pages', 'main.ts'))
  },
}

/** `/checkout.js`: its name is printed on merchants' pages and never changes. */
function loader(outDir: string): InlineConfig {
  return {
    ...common(outDir),
    build: {
      ...common(outDir).build,
      lib: {
        entry: join(here, 'loader', 'checkout.ts'),
        formats: ['iife'],
        name: 'checkout',
        fileName: () => 'checkout.js',
      },
    },
  }
}

/** `assets/<name>-<hash>.js` and `.css`, found by the server in `<name>.json`. */
function page(outDir: string, name: string, entry: string): InlineConfig {
  const { build, ...rest } = common(outDir)
  return {
    ...rest,
    root: join(here, name),
    build: {
      ...build,
      manifest: `${name}.json`,
      modulePreload: { polyfill: false },
      cssCodeSplit: false,
      rollupOptions: {
        input: join(here, name, entry),
        output: { entryFileNames: `assets/${name}-[hash].js`, assetFileNames: `assets/${name}-[hash][extname]` },
      },
    },
  }
}

function common(outDir: string): InlineConfig {
  return {
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    build: {
      outDir,
      emptyOutDir: false,
      target: TARGET,
      cssTarget: 'esnext',
      assetsInlineLimit: 0,
      reportCompressedSize: false,
    },
  }
}

/** Builds it when it is missing or old; `say` gets a line of progress. */
export function buildCheckout(say: (line: string) => void): Promise<void> {
  return bundleIfOld(checkoutBundle, say)
}
