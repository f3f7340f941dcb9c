/**
 * A call that must not leave once its worker's lease is over is asked about twice: when its connection stands, and in the very moment in
 * which its bytes are handed to the system. Between the two the library makes a header; short, and long enough to be stopped in. Both
 * happen in one go, so whatever a connection writes first after the first question is the call that was asked about.
 */
import type { Socket } from 'node:net'
import { buildConnector, DecoratorHandler, type Dispatcher } from 'undici'
import type { MayLeave } from './acquirer.ts'

interface StartHandler extends Dispatcher.DispatchHandler {
  onRequestStart(controller: Dispatcher.DispatchController, context: object): void
}

/** The library's types leave out what its handler can do. */
const Decorator = DecoratorHandler as unknown as new (handler: Dispatcher.DispatchHandler) => StartHandler

export class LastQuestion {
  #leaving: MayLeave | null = null

  /** Makes connections that ask before they write. */
  connector(timeoutMs: number): buildConnector.connector {
    const connect = buildConnector({ timeout: timeoutMs })
    return (options, callback) =>
      connect(options, (...[error, socket]: Parameters<buildConnector.Callback>) => {
        if (error || !socket) return callback(error as Error, null)
        this.#guard(socket)
        callback(null, socket)
      })
  }

  /** Calls that are asked about; a throw is the call's error, and nothing of it was written. */
  asking(mayLeave: MayLeave): Dispatcher.DispatcherComposeInterceptor {
    const leave = () => {
      mayLeave()
      this.#leaving = mayLeave
    }
    class AskingHandler extends Decorator {
      override onRequestStart(controller: Dispatcher.DispatchController, context: object): void {
        leave()
        super.onRequestStart(controller, context)
      }
    }
    return (dispatch) => (options, handler) => dispatch(options, new AskingHandler(handler))
  }

  #guard(socket: Socket): void {
    const { _write, _writev } = socket
    socket._write = (...written) => {
      this.#ask()
      _write.apply(socket, written)
    }
    socket._writev = (...written) => {
      this.#ask()
      _writev?.apply(socket, written)
    }
  }

  #ask(): void {
    const leaving = this.#leaving
    this.#leaving = null
    leaving?.()
  }
}
