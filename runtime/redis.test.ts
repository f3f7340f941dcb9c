import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { parseRedisUrl } from './redis.ts'

const redis = suite('redis URLs')

redis('one server, with and without all that may be left out', () => {
  assert.equal(parseRedisUrl('redis://localhost'), {
    kind: 'single',
    hosts: [{ host: 'localhost', port: 6379 }],
    path: '',
  })
  assert.equal(parseRedisUrl('rediss://user:p%40ss@redis.example:6380/3'), {
    kind: 'single',
    hosts: [{ host: 'redis.example', port: 6380 }],
    username: 'user',
    password: 'p@ss',
    path: '3',
  })
  assert.equal(parseRedisUrl('redis://:secret@[::1]:7000').hosts, [{ host: '::1', port: 7000 }])
  assert.is(parseRedisUrl('redis://:secret@localhost').password, 'secret')
})

redis('Sentinel: several hosts, and the name of the master', () => {
  assert.equal(parseRedisUrl('redis+sentinel://:secret@s1:26379,s2/mymaster'), {
    kind: 'sentinel',
    hosts: [
      { host: 's1', port: 26379 },
      { host: 's2', port: 26379 },
    ],
    password: 'secret',
    path: 'mymaster',
  })
  assert.throws(() => parseRedisUrl('redis+sentinel://s1:26379'), /ends in \/<name of the master>/)
})

redis('Cluster: some of its nodes', () => {
  const { kind, hosts } = parseRedisUrl('redis+cluster://h1:7000,h2')
  assert.is(kind, 'cluster')
  assert.equal(hosts, [
    { host: 'h1', port: 7000 },
    { host: 'h2', port: 6379 },
  ])
})

redis('anything else is refused, with what is allowed', () => {
  for (const wrong of ['', 'localhost:6379', 'http://localhost', 'redis://', 'redis+cluster://h1:x,h2']) {
    assert.throws(() => parseRedisUrl(wrong), /a Redis URL is|not a host and port/, wrong)
  }
})

redis.run()
