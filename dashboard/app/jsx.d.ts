/** The router's own attribute on a plain link: go there without scrolling. */
import 'solid-js'

declare module 'solid-js' {
  namespace JSX {
    interface ExplicitAttributes {
      noscroll: string
    }
  }
}
