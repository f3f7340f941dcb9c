/**
 * Events and the journal go by the month: dropping a partition costs nothing, where deleting millions of rows costs as much as writing
 * them did. What fell into a default partition stays: that takes a gateway that nobody swept for two months.
 */
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql
    .raw(`
-- Drops the months whose every row is older than that. A month that somebody reads for long, a backup, waits for the next time: who
-- waits here for a lock has everybody else wait behind it.
create function drop_months(parent regclass, age interval) returns int language plpgsql set lock_timeout = '200ms' as $$
declare
  child regclass;
  dropped int := 0;
begin
  for child in
    select c.oid from pg_inherits join pg_class c on c.oid = inhrelid
    where inhparent = parent and c.relname ~ '_[0-9]{6}$'
      and (to_date(right(c.relname, 6), 'YYYYMM') + interval '1 month') at time zone 'utc' < now() - age
    order by c.relname
  loop
    begin
      execute format('drop table %s', child);
      dropped := dropped + 1;
    exception when lock_not_available or undefined_table then null;
    end;
  end loop;
  return dropped;
end $$;
`)
    .execute(db)
}
