/** Looks for card numbers and CVVs wherever something could have been kept: in texts of any kind, and in every table. */
import type { Database } from '../../schema/database.ts'

export interface CardData {
  /** Digits alone. */
  numbers: readonly string[]
  /**
   * Choose four digits with a zero in front, so that neither a process number, nor a fraction of a second, nor
   * a group of a UUID is taken for one.
   */
  cvvs: readonly string[]
}

/** Numbers with spaces or dashes or without, plain, in hex or in base64; CVVs where they stand alone. */
export function cardDataIn(text: string, { numbers, cvvs }: CardData): string[] {
  const joined = text.replace(/(?<=\d)[ -](?=\d)/g, '')
  const found = numbers.filter((digits) => {
    const bytes = Buffer.from(digits)
    // 15 digits are whole groups of base64; of 16 the last one depends on what follows.
    const forms = [digits, bytes.toString('hex'), bytes.toString('base64').slice(0, 20)]
    return forms.some((form) => joined.includes(form))
  })
  return [...found, ...cvvs.filter((cvv) => new RegExp(`(?<![\\w.-])${cvv}(?![\\w-])`).test(text))]
}

/** Every table of every schema with all its rows as text; bytes as Postgres prints them, in hex. */
export async function tablesAsText(database: Database): Promise<[name: string, text: string][]> {
  const run = <Row extends object>(text: string) => database.run<Row>({ name: '', text }, [])
  const names = await run<{ name: string }>(`
    select format('%I.%I', schemaname, tablename) as name from pg_tables
    where schemaname not in ('pg_catalog', 'information_schema') order by 1`)
  const texts: [string, string][] = []
  for (const { name } of names) {
    const rows = await run<{ row: string }>(`select t::text as row from ${name} t`)
    texts.push([name, `${name}\n${rows.map(({ row }) => row).join('\n')}`])
  }
  return texts
}
