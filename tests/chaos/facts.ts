/** What can be known at the end of a run, from every side: what merchants were told, what the gateway stored, what the bank's books say, what came. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Selectable } from 'kysely'
import type { JournalEntry } from '../../runtime/storage.ts'
import type { Tables } from '../../schema/tables.ts'
import { cardDataIn, tablesAsText } from '../fleet/card-search.ts'
import { Ledger } from './bank/ledger.ts'
import { CARD_NUMBERS, CVVS } from './load.ts'
import type { Crash } from './member.ts'
import type { Hit } from './receivers/receiver.ts'
import type { Story } from './story.ts'
import type { World } from './world.ts'

type Row<Name extends keyof Tables> = Selectable<Tables[Name]>
export type Payment = Row<'payments'>
export type Refund = Row<'refunds'>
export type Event = Row<'events'>
export type Delivery = Row<'webhook_deliveries'>
export type Endpoint = Row<'webhook_endpoints'>

interface JournalRow extends JournalLine {
  actor_id: string
}

export interface JournalLine {
  version: number
  at: Date
  entry: JournalEntry
}

export interface Facts {
  stories: readonly Story[]
  payments: Map<string, Payment>
  /** By payment. */
  refunds: Map<string, Refund[]>
  operations: Map<string, Row<'operations'>[]>
  events: Map<string, Event[]>
  /** By actor. */
  inbox: Map<string, Row<'inbox'>[]>
  journal: Map<string, JournalLine[]>
  /** All of them, notices too. */
  allEvents: Event[]
  /** By event. */
  deliveries: Map<string, Delivery[]>
  hits: Map<string, Hit[]>
  endpoints: Endpoint[]
  ledger: Ledger
  /** Operations whose key the gateway used for two things. */
  clashes: string[]
  /** Keys that Redis should not have at rest. */
  leftInRedis: string[]
  /** Where card data was found, and which. */
  cardData: string[]
  crashes: readonly Crash[]
}

export async function gatherFacts(
  world: World,
  stories: readonly Story[],
  crashes: readonly Crash[],
  leftInRedis: string[],
): Promise<Facts> {
  const { kysely } = world.database
  const events = await kysely.selectFrom('events').selectAll().orderBy('sequence').execute()
  const journal = await kysely.selectFrom('journal').selectAll().orderBy('version').$castTo<JournalRow>().execute()
  return {
    stories,
    payments: new Map((await kysely.selectFrom('payments').selectAll().execute()).map((row) => [row.id, row])),
    refunds: grouped(await kysely.selectFrom('refunds').selectAll().execute(), (row) => row.payment_id),
    operations: grouped(await kysely.selectFrom('operations').selectAll().execute(), (row) => row.payment_id),
    events: grouped(events, (event) => event.payment_id ?? ''),
    inbox: grouped(await kysely.selectFrom('inbox').selectAll().orderBy('seq').execute(), (row) => row.actor_id),
    journal: grouped(journal, (line) => line.actor_id),
    allEvents: events,
    deliveries: grouped(await kysely.selectFrom('webhook_deliveries').selectAll().execute(), (row) => row.event_id),
    hits: grouped(lines<Hit>(world, 'webhooks.jsonl'), (hit) => hit.id),
    endpoints: await kysely.selectFrom('webhook_endpoints').selectAll().execute(),
    ledger: new Ledger(join(world.folder, 'books.jsonl')),
    clashes: textOf(world, 'bank.log').match(/^CLASH .*$/gm) ?? [],
    leftInRedis,
    cardData: await findCardData(world),
    crashes,
  }
}

async function findCardData(world: World): Promise<string[]> {
  const logs = [...world.members.map(({ name }) => `${name}.log`), 'logs/postgres.log']
  const places = [
    ...(await tablesAsText(world.database)),
    ...logs.map((name) => [name, textOf(world, name)] as const),
    ['the webhooks', textOf(world, 'webhooks.jsonl')] as const,
  ]
  return places.flatMap(([place, text]) =>
    cardDataIn(text, { numbers: CARD_NUMBERS, cvvs: CVVS }).map((found) => `${found} in ${place}`),
  )
}

function lines<Line>(world: World, name: string): Line[] {
  return textOf(world, name)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line)
}

function textOf(world: World, name: string): string {
  const path = join(world.folder, name)
  return existsSync(path) ? readFileSync(path, 'utf8') : ''
}

function grouped<Item>(items: Item[], keyOf: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>()
  for (const item of items) {
    const group = groups.get(keyOf(item))
    if (group) group.push(item)
    else groups.set(keyOf(item), [item])
  }
  return groups
}
