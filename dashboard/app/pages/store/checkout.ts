/** The real checkout.js, loaded from its own server as a merchant's page would. Once a page, and again after a failure. */
import type { PaymentGateway } from '../../../../sdk/loader/index.d.ts'
import { boot } from '../../data/boot.ts'

let loading: Promise<typeof PaymentGateway> | undefined

/** Rejects with what to do when the checkout's server does not answer. */
export function loadCheckout(): Promise<typeof PaymentGateway> {
  loading ??= new Promise<typeof PaymentGateway>((resolve, reject) => {
    const script = document.createElement('script')
    script.src = `${boot.checkout_url}/checkout.js`
    script.onload = () => resolve(window.PaymentGateway)
    script.onerror = () => {
      script.remove()
      loading = undefined
      reject(new Error(`${script.src} did not load. Is the checkout’s server running?`))
    }
    document.head.append(script)
  })
  return loading
}
