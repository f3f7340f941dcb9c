/**
 * Whose pages may use a merchant's checkout. A test merchant's may be any on the developer's own machine, so that a first payment
 * needs no set-up; a live merchant's are those that it named, and no others.
 */

interface Site {
  test: boolean
  allowedOrigins: string[]
}

/** Names of this machine, RFC 6761 and RFC 1122. */
const LOOPBACK = /^(localhost|[a-z0-9-]+\.localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\])$/

/** A Content-Security-Policy has no way to write [::1]. */
const LOOPBACK_SOURCES = ['http', 'https'].flatMap((scheme) =>
  ['localhost', '*.localhost', '127.0.0.1'].map((host) => `${scheme}://${host}:*`),
)

/** `origin`: as a browser writes it, scheme, host and port. */
export function isAllowed(origin: string, { test, allowedOrigins }: Site): boolean {
  return allowedOrigins.includes(origin) || (test && isLoopback(origin))
}

export function isLoopback(origin: string): boolean {
  const url = URL.canParse(origin) ? new URL(origin) : null
  return url !== null && url.origin === origin && LOOPBACK.test(url.hostname)
}

/** Who may show the checkout in a frame, as sources of a Content-Security-Policy's frame-ancestors. */
export function frameAncestors({ test, allowedOrigins }: Site): string[] {
  return test ? [...LOOPBACK_SOURCES, ...allowedOrigins] : allowedOrigins
}

/** Where the checkout itself is served; on this machine under both of its names. */
export function checkoutOrigins(publicCheckoutUrl: string): string[] {
  const url = new URL(publicCheckoutUrl)
  const hosts = isLoopback(url.origin) ? ['localhost', '127.0.0.1'] : [url.hostname]
  return hosts.map((hostname) => Object.assign(new URL(url), { hostname }).origin)
}
