/**
 * The headers that every page from our own servers carries. Whoever adds a page says what it may load and who may frame it;
 * everything else is refused. No inline script or style is ever allowed, so what a stranger's text smuggles into a page does not run.
 */

/** Sources beside the page's own origin, by CSP directive. */
export interface PageSources {
  script?: string[]
  connect?: string[]
  frame?: string[]
  img?: string[]
  /** Who may show the page in a frame; nobody by default. */
  ancestors?: string[]
}

export function pageHeaders(sources: PageSources = {}): Record<string, string> {
  const { script = [], connect = [], frame = [], img = [], ancestors = [] } = sources
  const policy = {
    'default-src': ["'none'"],
    'script-src': ["'self'", ...script],
    'style-src': ["'self'"],
    'img-src': ["'self'", 'data:', ...img],
    'font-src': ["'self'"],
    'connect-src': ["'self'", ...connect],
    'frame-src': frame.length > 0 ? frame : ["'none'"],
    'form-action': ["'self'"],
    'base-uri': ["'none'"],
    'frame-ancestors': ancestors.length > 0 ? ancestors : ["'none'"],
  }
  return {
    'content-security-policy': Object.entries(policy)
      .map(([directive, values]) => `${directive} ${values.join(' ')}`)
      .join('; '),
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'permissions-policy': 'camera=(), microphone=(), geolocation=(), payment=()',
    'cross-origin-opener-policy': 'same-origin',
  }
}
