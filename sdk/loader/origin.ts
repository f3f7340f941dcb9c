/**
 * Where checkout.js came from is where the frame is: a merchant says it once, in the script's address. A script that was bundled or
 * made into a module has no `currentScript`; then the first script of that name on the page is meant.
 */
const script = (document.currentScript ??
  document.querySelector('script[src*="checkout.js"]')) as HTMLScriptElement | null

export const checkoutOrigin: string = new URL(script?.src ?? '/', location.href).origin
