/** The frame's line to the merchant's page. It says nothing to a page whose origin it does not know, and hears nobody else. */
import type { CloseRequest, FrameMessage } from '../messages.ts'

export class Parent {
  readonly #origin: string | undefined

  /** `origin`: of the page around the frame; undefined when there is none. */
  constructor(origin: string | undefined) {
    this.#origin = origin
  }

  tell(message: FrameMessage): void {
    if (this.#origin) window.parent.postMessage(message, this.#origin)
  }

  onCloseRequest(listener: () => void): void {
    addEventListener('message', ({ source, origin, data }: MessageEvent<Partial<CloseRequest> | null>) => {
      if (source !== window.parent || origin !== this.#origin) return
      if (data?.type === 'close_requested') listener()
    })
  }
}
