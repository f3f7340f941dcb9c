/** The scripts, broken: windows of failure whose remedy lies in Redis. */
import type { Mutant } from './mutants.ts'

const TURN = 'runtime/scripts/turn.lua'
const SEND = 'runtime/scripts/send.lua'
const NUDGE = 'runtime/scripts/nudge.lua'
const LEAVE = 'runtime/scripts/leave.lua'
const PRELUDE = 'runtime/scripts/prelude.lua'
const SCRIPTS_TEST = 'runtime/scripts.test.ts'
const WORKER_TEST = 'runtime/worker.test.ts'
const FUZZ = 'tests/fuzz/scripts.test.ts'

export const MUTANTS_OF_SCRIPTS: Mutant[] = [
  {
    name: 'nudge does not ring an empty mailbox',
    window: 'crash after the commit, before the doorbell',
    file: NUDGE,
    from: "call('RPUSH', q, RING)",
    to: '',
    caughtBy: SCRIPTS_TEST,
  },
  {
    name: 'dead leases are not reaped',
    window: 'crash after a claim',
    file: TURN,
    from: 'if corpse and corpse ~= lease then',
    to: 'if false then',
    caughtBy: SCRIPTS_TEST,
  },
  {
    name: 'a dead lease keeps its turn number, and is never fenced',
    window: 'crash after a claim',
    file: TURN,
    from: "call('HDEL', TURN, corpse)",
    to: '',
    caughtBy: SCRIPTS_TEST,
  },
  {
    name: 'leave forgets the actors',
    window: 'crash after a claim',
    file: LEAVE,
    from: 'if crashed then failed(prefix, own[i], now, max_failures) else make_ready(prefix, own[i]) end',
    to: '',
    caughtBy: SCRIPTS_TEST,
  },
  {
    name: 'a token names only the lease',
    window: 'ack applied, answer lost',
    file: TURN,
    from: 'if tokens[i] ~= token then',
    to: "if not tokens[i] or string.match(tokens[i], '^(.*):') ~= string.match(token, '^(.*):') then",
    caughtBy: SCRIPTS_TEST,
  },
  {
    name: 'a token names only the lease (fuzz)',
    window: 'ack applied, answer lost',
    file: TURN,
    from: 'if tokens[i] ~= token then',
    to: "if not tokens[i] or string.match(tokens[i], '^(.*):') ~= string.match(token, '^(.*):') then",
    caughtBy: FUZZ,
  },
  {
    name: 'acks are not fenced at all',
    window: 'ack applied, answer lost',
    file: TURN,
    from: 'if tokens[i] ~= token then',
    to: 'if false then',
    caughtBy: FUZZ,
  },
  {
    name: 'a turn sent twice claims twice',
    window: 'claim applied, answer lost',
    file: TURN,
    from: 'local resent = last == t',
    to: 'local resent = false',
    caughtBy: SCRIPTS_TEST,
  },
  {
    name: 'a turn sent twice forgets its claims',
    window: 'claim applied, answer lost',
    file: TURN,
    from: 'if own[i + 1] == token then',
    to: 'if false then',
    caughtBy: FUZZ,
  },
  {
    name: 'an overtaken copy is obeyed',
    window: 'a delayed copy of an older turn',
    file: TURN,
    from: "if last and t < last then return {'OLD'} end",
    to: '',
    caughtBy: SCRIPTS_TEST,
  },
  {
    name: 'an unknown lease is let in',
    window: 'asleep past the lease',
    file: TURN,
    from: "if t ~= 1 and not last then return {'FENCED'} end",
    to: '',
    caughtBy: SCRIPTS_TEST,
  },
  {
    name: 'liveness is asked of the own clock',
    window: 'clocks differ',
    file: 'runtime/scripts/gauges.lua',
    from: "call('ZCOUNT', prefix .. 'leases', clock(), '+inf')",
    to: "call('ZCARD', prefix .. 'leases')",
    caughtBy: SCRIPTS_TEST,
  },
  {
    name: 'acks are not validated',
    window: 'an error midway in a script',
    file: TURN,
    from: "type(acks[i + 4]) ~= 'number'",
    to: 'false',
    caughtBy: SCRIPTS_TEST,
  },
  {
    name: 'nobody is ever parked',
    window: 'poison, crash loops, outages',
    file: PRELUDE,
    from: 'if n >= max then',
    to: 'if false then',
    caughtBy: SCRIPTS_TEST,
  },
  {
    name: 'parked actors are never tried again',
    window: 'poison, crash loops, outages',
    file: TURN,
    from: 'for _, from in ipairs({REST, PARKED}) do',
    to: 'for _, from in ipairs({REST}) do',
    caughtBy: SCRIPTS_TEST,
  },
  {
    name: 'a rest counts as a failure',
    window: 'poison, crash loops, outages',
    file: TURN,
    from: "elseif outcome == 'rest' then call('ZADD', REST, now + pause, address)",
    to: "elseif outcome == 'rest' then failed(prefix, address, now, max_failures)",
    caughtBy: SCRIPTS_TEST,
  },
  {
    name: 'failures are never forgiven',
    window: 'poison, crash loops, outages',
    file: TURN,
    from: "call('HDEL', FAIL, unpack(healthy))",
    to: '',
    caughtBy: SCRIPTS_TEST,
  },
  {
    name: 'a mailbox has no cap',
    window: 'overflow',
    file: SEND,
    from: 'if depth > cap then',
    to: 'if false then',
    caughtBy: SCRIPTS_TEST,
  },
  {
    name: 'lanes are not charged',
    window: 'a hot actor, a flooding tenant',
    file: PRELUDE,
    from: 'l.tag, l.charged = l.tag + 1, true',
    to: '',
    caughtBy: SCRIPTS_TEST,
  },
  {
    name: 'a herd of alarms is let in at once',
    window: 'a herd of timers',
    file: TURN,
    from: "local due = call('ZRANGEBYSCORE', DUE, '-inf', now, 'LIMIT', 0, limit)",
    to: "local due = call('ZRANGEBYSCORE', DUE, '-inf', now)",
    caughtBy: SCRIPTS_TEST,
  },
  {
    name: 'what is left wakes nobody',
    window: 'a lost wake-up',
    file: TURN,
    from: 'else wake(prefix, kind) end',
    to: 'end',
    caughtBy: SCRIPTS_TEST,
  },
  {
    name: 'a doorbell wakes nobody',
    window: 'a lost wake-up',
    file: SEND,
    from: 'for kind in pairs(woken) do wake(prefix, kind) end',
    to: '',
    caughtBy: WORKER_TEST,
  },
  {
    name: 'an alarm of a timer that is gone stays',
    window: 'a timer late, twice, or after its cancel',
    file: TURN,
    from: "call('ZREM', DUE, unpack(no_alarm))",
    to: '',
    caughtBy: SCRIPTS_TEST,
  },
  {
    name: 'an alarm rings for ever',
    window: 'a timer late, twice, or after its cancel',
    file: TURN,
    from: "if #due > 0 then call('ZREM', DUE, unpack(due)) end",
    to: '',
    caughtBy: SCRIPTS_TEST,
  },
  {
    name: 'no alarm is set',
    window: 'a timer late, twice, or after its cancel',
    file: TURN,
    from: "call('ZADD', DUE, now + next_ms, address)",
    to: '',
    caughtBy: FUZZ,
  },
  {
    name: 'more was due than one turn takes, and nobody looks again',
    window: 'a timer late, twice, or after its cancel',
    file: TURN,
    from: "if next_ms == 0 then call('RPUSH', q, RING) end",
    to: '',
    caughtBy: FUZZ,
  },
  {
    name: 'an ack trims what it has not seen',
    window: 'two structures disagree',
    file: TURN,
    from: "call('LTRIM', q, consumed, -1)",
    to: "call('LTRIM', q, consumed + 1, -1)",
    caughtBy: FUZZ,
  },
  {
    name: 'an ack clears the mailbox',
    window: 'two structures disagree',
    file: TURN,
    from: "if call('LLEN', q) > consumed then",
    to: 'if false then',
    caughtBy: FUZZ,
  },
  {
    name: 'an alarm rings at a mailbox that somebody looks after',
    window: 'two structures disagree',
    file: TURN,
    from: "if call('EXISTS', prefix .. 'q:' .. address) == 0 then",
    to: 'if true then',
    caughtBy: FUZZ,
  },
  ...['ready', 'own', 'rest', 'parked'].map((place): Mutant => {
    const asked =
      place === 'ready'
        ? "not call('ZSCORE', prefix .. 'ready:' .. kind_of(address), address)"
        : place === 'own'
          ? "call('HEXISTS', prefix .. 'own', address) == 0"
          : `not call('ZSCORE', prefix .. '${place}', address)`
    return {
      name: `nudge does not look into ${place}`,
      window: 'two structures disagree',
      file: NUDGE,
      from: asked,
      to: 'true',
      caughtBy: SCRIPTS_TEST,
    }
  }),
]
