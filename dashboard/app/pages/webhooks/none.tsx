/** When the log has nothing to show: why, and what to do. */
import { Show } from 'solid-js'
import { Empty } from '../../kit/notice.tsx'

export function NoDeliveries(props: { filtered: boolean }) {
  return (
    <div class="cell">
      <Show
        when={props.filtered}
        fallback={
          <Empty
            icon="webhooks"
            title="No deliveries yet"
            acts={
              <a class="btn primary" href="/dashboard/store">
                Buy something
              </a>
            }
          >
            <p class="soft">
              Every event of a payment becomes a delivery for each endpoint. Buy something, or send a test event.
            </p>
          </Empty>
        }
      >
        <Empty
          icon="filter"
          title="None in this state"
          acts={
            <a class="btn" href="/dashboard/webhooks">
              Show all deliveries
            </a>
          }
        />
      </Show>
    </div>
  )
}
