import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Committer } from './committer.ts'
import { type Commit, type Store, StoreAway } from './storage.ts'

const committer = suite('committer')

type AnyCommit = Commit<unknown, unknown, unknown>

const commitOf = (id: string) => ({ id }) as AnyCommit

/** A store that keeps the groups it was given, and does with them as the test says. */
function storeThat(commit: (ids: string[]) => void) {
  const groups: string[][] = []
  const store: Store<unknown, unknown, unknown> = {
    load: () => Promise.reject(new Error('nobody loads here')),
    facts: () => ({}),
    commit: async (group) => {
      const ids = group.map(({ id }) => id)
      groups.push(ids)
      commit(ids)
      return ids.map((id) => (id === 'fenced' ? null : []))
    },
  }
  return { store, groups }
}

const outcomes = (subject: Committer, ids: string[]) =>
  Promise.all(ids.map((id) => subject.commit(commitOf(id)).catch((error: Error) => error.message)))

committer('turns that end together are written together; a fenced one is null, and its neighbours stand', async () => {
  const { store, groups } = storeThat(() => {})
  assert.equal(await outcomes(new Committer(store), ['a', 'fenced', 'b']), [[], null, []])
  assert.equal(groups, [['a', 'fenced', 'b']])
})

committer('one bad turn fails alone: the group is halved until it is found', async () => {
  const { store, groups } = storeThat((ids) => {
    if (ids.includes('bad')) throw new Error('NUL in a text')
  })
  const ids = ['a', 'b', 'c', 'bad', 'd', 'e', 'f', 'g']
  assert.equal(await outcomes(new Committer(store), ids), [[], [], [], 'NUL in a text', [], [], [], []])
  assert.is(groups.length, 7, 'eight turns need 1 + 2 + 2 + 2 statements')
})

committer('two bad turns in a group: both are found', async () => {
  const { store } = storeThat((ids) => {
    const bad = ids.find((id) => id.startsWith('bad'))
    if (bad) throw new Error(bad)
  })
  assert.equal(await outcomes(new Committer(store), ['bad1', 'a', 'b', 'bad2']), ['bad1', [], [], 'bad2'])
})

committer("a store that is away is nobody's fault: all hear of it, and nothing is tried in halves", async () => {
  const { store, groups } = storeThat(() => {
    throw new StoreAway('gone')
  })
  assert.equal(await outcomes(new Committer(store), ['a', 'b', 'c', 'd']), ['gone', 'gone', 'gone', 'gone'])
  assert.is(groups.length, 1)
})

committer('a store that goes away while a group is halved: what was written stands, the rest hears of it', async () => {
  let statements = 0
  const { store } = storeThat(() => {
    statements++
    if (statements === 1) throw new Error('something is wrong in here')
    if (statements === 3) throw new StoreAway('gone')
  })
  assert.equal(await outcomes(new Committer(store), ['a', 'b', 'c', 'd']), [[], [], 'gone', 'gone'])
})

committer.run()
