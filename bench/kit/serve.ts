/** The other end of a Child: methods that the benchmark may call, one process a file. It ends with whoever started it. */

type Methods = Record<string, (...args: never[]) => unknown>

interface Call {
  id: number
  method: string
  args: never[]
}

export function serve(methods: Methods): void {
  process.on('message', async ({ id, method, args }: Call) => {
    try {
      const result = await methods[method]?.(...args)
      process.send?.({ id, result })
    } catch (error) {
      process.send?.({ id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) })
    }
  })
  process.on('disconnect', () => process.exit())
  process.on('SIGTERM', () => process.exit())
  process.send?.({ type: 'ready' })
}
