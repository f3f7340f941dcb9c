/** An address that leads nowhere: a page that does not exist, or one that the role does not have. */
import { Head } from '../kit/head.tsx'
import { Empty } from '../kit/notice.tsx'
import { pageLinks } from './pages.ts'

export function Missing() {
  const home = pageLinks()[0]?.href ?? '/login'
  return (
    <>
      <Head title="Not found" answer={<b>There is no such page for you.</b>} />
      <div class="cells">
        <section class="cell">
          <Empty
            icon="search"
            title="Look somewhere else"
            acts={
              <a class="btn primary" href={home}>
                Go to the first page
              </a>
            }
          >
            <p class="soft">Ctrl K finds any page and any id.</p>
          </Empty>
        </section>
      </div>
    </>
  )
}
