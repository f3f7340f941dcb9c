/**
 * The glyphs of the dashboard and the checkout, drawn for this product: icons on a grid of 16, states on a grid of 14. States
 * are told apart by their outline alone, so that they read in print and under every kind of colour blindness.
 */
export const icons = {
  mark: '<path class="f" d="M1.5 3h9v2.5h-9zM5.5 6.75h9v2.5h-9z" opacity=".38"/><path class="f" d="M3.5 10.5h9V13h-9z"/>',
  overview: '<path d="M2 12.5 5.5 8l3 2.5L14 4"/><path d="M2 14.5h12"/>',
  transactions: '<path d="M2 4.5h8M2 8h5M2 11.5h8M12.5 4v8m0 0-2-2m2 2 2-2"/>',
  webhooks: '<path d="M2 4h12v8H2z"/><path d="m2 4.5 6 4.5 6-4.5"/>',
  actors:
    '<rect x="2" y="3" width="12" height="3" rx=".5"/><rect x="2" y="8" width="7" height="2.5" rx=".5"/><path d="M2 13h4"/>',
  jobs: '<path d="M2 5 8 2l6 3-6 3zM2 8l6 3 6-3M2 11l6 3 6-3"/>',
  logs: '<path d="M2 3.5h12M2 6.5h8M2 9.5h10M2 12.5h6"/>',
  chaos: '<path d="M9 1.5 3.5 9H8l-1 5.5L12.5 7H8z"/>',
  store: '<path d="M3 6h10l.8 8H2.2zM5.5 6V4.5a2.5 2.5 0 0 1 5 0V6"/>',
  docs: '<path d="M8 4C6.5 2.8 4.5 2.5 2 2.5v10c2.5 0 4.5.3 6 1.5 1.5-1.2 3.5-1.5 6-1.5v-10c-2.5 0-4.5.3-6 1.5zM8 4v10"/>',
  search: '<circle cx="7" cy="7" r="4.5"/><path d="m10.5 10.5 3.5 3.5"/>',
  sun: '<circle cx="8" cy="8" r="3"/><path d="M8 1.5V3M8 13v1.5M1.5 8H3M13 8h1.5M3.4 3.4l1 1M11.6 11.6l1 1M12.6 3.4l-1 1M4.4 11.6l-1 1"/>',
  moon: '<path d="M13.5 9.5A6 6 0 0 1 6.5 2.5a6 6 0 1 0 7 7z"/>',
  pause: '<path d="M5.5 3v10M10.5 3v10"/>',
  play: '<path d="M4.5 2.5v11l9-5.5z"/>',
  copy: '<rect x="5" y="5" width="9" height="9" rx="1"/><path d="M11 5V2H2v9h3"/>',
  check: '<path d="m2.5 8.5 3.5 3.5 7.5-8"/>',
  cross: '<path d="m3.5 3.5 9 9m0-9-9 9"/>',
  right: '<path d="m6 3 5 5-5 5"/>',
  left: '<path d="M10 3 5 8l5 5"/>',
  down: '<path d="m3 6 5 5 5-5"/>',
  up: '<path d="m3 10 5-5 5 5"/>',
  arrow: '<path d="M2 8h11M9 4l4 4-4 4"/>',
  more: '<path d="M3 8h.01M8 8h.01M13 8h.01" stroke-width="2.2"/>',
  filter: '<path d="M2 4h12M4.5 8h7M6.5 12h3"/>',
  calendar: '<rect x="2" y="3.5" width="12" height="10.5" rx="1"/><path d="M2 7h12M5 2v3M11 2v3"/>',
  download: '<path d="M8 2v8.5M4.5 7.5 8 11l3.5-3.5M2.5 14h11"/>',
  retry: '<path d="M13.5 8A5.5 5.5 0 1 1 11.8 4M12 1.5V4.5H9"/>',
  eye: '<path d="M1.5 8S4 3.5 8 3.5 14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8z"/><circle cx="8" cy="8" r="1.8"/>',
  plus: '<path d="M8 3v10M3 8h10"/>',
  lock: '<rect x="3" y="7" width="10" height="7" rx="1"/><path d="M5 7V5a3 3 0 0 1 6 0v2"/>',
  key: '<circle cx="5.5" cy="10.5" r="3"/><path d="m7.7 8.3 5.8-5.8M11 5l2 2"/>',
  upi: '<path d="m5.5 2 4.5 6-4.5 6M9 2l4.5 6L9 14" />',
  card: '<rect x="1.5" y="3" width="13" height="10" rx="1.5"/><path d="M1.5 6.5h13M4 10h3"/>',
  bank: '<path d="M2 6.5 8 3l6 3.5zM3.5 6.5v5M8 6.5v5M12.5 6.5v5M2 13.5h12"/>',
  clock: '<circle cx="8" cy="8" r="6"/><path d="M8 4.5V8l2.5 1.5"/>',
  bell: '<path d="M4 11V7a4 4 0 0 1 8 0v4l1.5 1.5h-11zM6.5 14.5h3"/>',
  menu: '<path d="M2 4h12M2 8h12M2 12h12"/>',
  out: '<path d="M6 2H2.5v12H6M6.5 8H14M11 5l3 3-3 3"/>',
  open: '<path d="M9.5 2.5h4v4M13.5 2.5 7.5 8.5M7 3.5H2.5v10h10V9"/>',
  code: '<path d="M5 4 1.5 8 5 12M11 4l3.5 4L11 12"/>',
  flag: '<path d="M3.5 14.5v-13h9L10 5l2.5 3.5h-9"/>',
  send: '<path d="M14 2 2 7l4.5 2L14 2zM14 2 9 14l-2.5-5"/>',
  in: '<path d="M8 2v8M5 7l3 3 3-3M2.5 10v3.5h11V10"/>',
  flush: '<path d="M3 4h10M6 4V2.5h4V4M4 4l.8 10h6.4L12 4M6.8 7v4M9.2 7v4"/>',
  kill: '<circle cx="8" cy="8" r="6"/><path d="m5.8 5.8 4.4 4.4m0-4.4-4.4 4.4"/>',
  qr: '<path d="M2 2h4.5v4.5H2zM9.5 2H14v4.5H9.5zM2 9.5h4.5V14H2zM9.5 9.5h2v2h-2zM14 11v3h-3M14 9.5h-.01"/>',
  enter: '<path d="M13 3v5.5H3.5M6.5 5.5l-3 3 3 3"/>',
  print: '<path d="M4 6V2h8v4M4 12H2V6h12v6h-2M4 9.5h8V14H4z"/>',
}
export const states = {
  // full disc, nothing in it: the line is open
  dot: '<circle class="f" cx="7" cy="7" r="6"/>',
  // full disc, tick: it is done and it went well
  done: '<circle class="f" cx="7" cy="7" r="6.5"/><path class="k" d="m4 7.2 2.2 2.2L10 5"/>',
  // full lozenge, cross: it went wrong
  wrong: '<path class="f" d="M7 .1 13.9 7 7 13.9.1 7z"/><path class="k" d="m5 5 4 4m0-4L5 9"/>',
  // ring with a hand: it waits for somebody else
  waits: '<circle cx="7" cy="7" r="5.6"/><path d="M7 3.8V7l2.2 1.4"/>',
  // half disc: somebody is at it now
  turn: '<circle cx="7" cy="7" r="5.6"/><path class="f" d="M7 1.4a5.6 5.6 0 0 1 0 11.2z"/>',
  // ring with a dot: next in line
  ready: '<circle cx="7" cy="7" r="5.6"/><circle class="f" cx="7" cy="7" r="2.2"/>',
  // broken ring: it will come back
  back: '<circle cx="7" cy="7" r="5.6" stroke-dasharray="3.2 2.66"/><path d="M7 3.8V7l2.2 1.4"/>',
  // full square, two bars: it stands still until a person comes
  parked: '<rect class="f" x=".8" y=".8" width="12.4" height="12.4" rx="1"/><path class="k" d="M5.2 4v6M8.8 4v6"/>',
  // empty small ring: nothing to do
  quiet: '<circle cx="7" cy="7" r="3.2"/>',
  // ring with a slash: taken back, switched off
  void: '<circle cx="7" cy="7" r="5.6"/><path d="m3.2 10.8 7.6-7.6"/>',
  // arrow back: money returned
  refund: '<path d="M5 2 1.8 5.2 5 8.4M2 5.2h6.2a3.8 3.8 0 0 1 0 7.6H4"/>',
  // two bars that do not meet: Postgres knows, Redis does not
  gap: '<path d="M1 7h3.5M9.5 7H13" stroke-width="3"/><path d="M7 1.5v11" stroke-dasharray="2 2"/>',
}
export type IconName = keyof typeof icons
export type StateGlyph = keyof typeof states

/** A state's word to its glyph. The colour comes from tokens.css by `data-state`. */
export const glyphOf: Record<string, StateGlyph> = {
  success: 'done',
  processed: 'done',
  running: 'done',
  captured: 'done',
  holds: 'done',
  healthy: 'done',
  pending: 'waits',
  ready: 'ready',
  'backing off': 'back',
  draining: 'back',
  degraded: 'back',
  failed: 'wrong',
  parked: 'parked',
  overdue: 'gap',
  stopped: 'wrong',
  broken: 'wrong',
  'in turn': 'turn',
  processing: 'turn',
  idle: 'quiet',
  created: 'quiet',
  'not captured': 'quiet',
  none: 'quiet',
  disabled: 'void',
  canceled: 'void',
  refunded: 'refund',
  partial: 'refund',
  full: 'refund',
  paused: 'parked',
}
