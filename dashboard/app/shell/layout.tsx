/** The frame around every page: rail, bar, page, and what lies on top of them. */
import { type RouteSectionProps, useIsRouting } from '@solidjs/router'
import { createSignal, ErrorBoundary, onMount, Suspense } from 'solid-js'
import { boot } from '../data/boot.ts'
import { connect } from '../data/live.ts'
import { Failure, Skeleton } from '../kit/notice.tsx'
import { Toasts } from '../kit/toast.tsx'
import { Bar } from './bar.tsx'
import { keepCounts } from './counts.ts'
import { Help } from './help.tsx'
import { shellKeys } from './keys.ts'
import { Palette } from './palette.tsx'
import { Rail } from './rail.tsx'

export function Layout(props: RouteSectionProps) {
  const [open, setOpen] = createSignal<'palette' | 'help' | null>(null)
  const routing = useIsRouting()
  const close = () => setOpen(null)
  shellKeys({ palette: () => setOpen('palette'), help: () => setOpen('help') })
  if (boot.account?.merchant) {
    keepCounts()
    onMount(connect)
  }
  return (
    <>
      <a class="skip" href="#main">
        Skip to content
      </a>
      <div class="app" data-test-id="dashboard">
        <Rail />
        <Bar onFind={() => setOpen('palette')} />
        <main class="page" id="main" tabindex="-1" aria-busy={routing()}>
          <ErrorBoundary
            fallback={(error, reset) => (
              <div class="cell">
                <Failure what="This page could not be read." error={error} retry={reset} />
              </div>
            )}
          >
            <Suspense fallback={<Skeleton what="the page" rows={10} />}>{props.children}</Suspense>
          </ErrorBoundary>
        </main>
      </div>
      <Toasts />
      <Palette open={open() === 'palette'} onClose={close} />
      <Help open={open() === 'help'} onClose={close} />
    </>
  )
}
