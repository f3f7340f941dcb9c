/** Lists: a page at a time, or row by row to the end. */

export interface Page<Row> {
  data: Row[]
  total: number
  /** False when `total` is a lower bound. */
  total_exact?: false
  limit: number
  offset: number
  next_cursor: string | null
}

const LARGEST_PAGE = 100

/** Every row, newest first, fetched page by page as they are asked for. New rows that come in meanwhile do not move the walk. */
export async function* walk<Row, Asked extends { limit?: number; cursor?: string }>(
  list: (query: Asked) => Promise<Page<Row>>,
  query: Asked,
): AsyncGenerator<Row> {
  let cursor = query.cursor
  do {
    const page = await list({ limit: LARGEST_PAGE, ...query, ...(cursor === undefined ? {} : { cursor }) })
    yield* page.data
    cursor = page.next_cursor ?? undefined
  } while (cursor !== undefined)
}
