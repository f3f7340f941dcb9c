/**
 * An index of a list is entered by merchant and time; the id stands in it to be read, not to be searched. As a key column it could be
 * searched by alone: since PostgreSQL 18 by skipping over everything before it, which costs nothing while the table is empty
 * and is as cheap as the primary key then - and a look-up by id whose plan was made and kept at that time walks the whole list later.
 *
 * What shares a moment of one merchant is sorted by id as it is read. The list of events stays: many of them share a moment, and
 * whoever looks one up names its merchant and moment too. An order is looked up by merchant and id, for which an index that begins
 * with either looks as cheap while it is empty; the youngest is taken then, so that one holds both.
 */
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const table of ['orders', 'payments', 'refunds', 'webhook_deliveries', 'webhook_replays']) {
    await sql
      .raw(`
drop index ${table}_list;
create index ${table}_list on ${table} (merchant_id, created_at desc) include (id);
`)
      .execute(db)
  }
  await sql.raw('drop index orders_public; create index orders_public on orders (id, merchant_id)').execute(db)
}
