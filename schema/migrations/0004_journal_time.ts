/**
 * The last turns of all actors, for the operator's page of jobs. The journal is written in the order of time and never changed, so
 * a block range index finds its end while costing a commit next to nothing; a B-tree would be written with every turn.
 */
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw('create index journal_time on journal using brin (at) with (pages_per_range = 16)').execute(db)
}
