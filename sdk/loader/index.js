/**
 * The npm package: brings checkout.js to the page when it is needed. checkout.js itself is not in the package, because a page that
 * takes money must run the version that its frame speaks to.
 */

/** @type {Map<string, Promise<typeof import('./index.d.ts').PaymentGateway>>} */
const loading = new Map()

/**
 * @param {import('./index.d.ts').LoadOptions} options
 * @returns {Promise<typeof import('./index.d.ts').PaymentGateway>}
 */
export function loadCheckout({ origin, nonce, integrity }) {
  const src = new URL('/checkout.js', origin).href
  const known = loading.get(src)
  if (known) return known
  const loaded = load(src, nonce, integrity)
  loading.set(src, loaded)
  loaded.catch(() => loading.delete(src))
  return loaded
}

/**
 * @param {string} src
 * @param {string | undefined} nonce
 * @param {string | undefined} integrity
 * @returns {Promise<typeof import('./index.d.ts').PaymentGateway>}
 */
function load(src, nonce, integrity) {
  return new Promise((resolve, reject) => {
    const script = document.createElement('script')
    script.src = src
    script.async = true
    if (nonce) script.nonce = nonce
    if (integrity) {
      script.integrity = integrity
      script.crossOrigin = 'anonymous'
    }
    script.onload = () => resolve(window.PaymentGateway)
    script.onerror = () => {
      script.remove()
      reject(new Error(`${src} did not load. Check the address, and script-src in the page's Content-Security-Policy.`))
    }
    document.head.append(script)
  })
}
