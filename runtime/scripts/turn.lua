-- turn: a worker's whole conversation with its partition: heartbeat, acks, alarms, one dead lease, claims.
-- KEYS  [1] guard
-- ARGV  [1] prefix  [2] lease  [3] turn number, from 1  [4] lease ms  [5] alarms a turn  [6] max failures
--       [7] acks, JSON: [address, token, consumed, 'ok' | 'rest' | 'fail', rest ms, next ms | -1, ...], six values each, each actor once
--       then kind, want, ...: how many actors of each kind to claim
-- `next` is the time to the actor's earliest timer as its row says after the commit: 0: more is due than one turn takes; -1: none,
-- or beyond the horizon. Every ack restates it, so `due` needs no other upkeep.
-- Returns {now, next event or -1, stale acks, {ready left, a kind}, {address, doorbells, address, doorbells, ...}}; {'FENCED'}: the
-- lease is unknown here, take a new one; {'OLD'}: a copy that was overtaken on the wire, and it did nothing.
-- Cost: O(acks + want), alarms and one dead lease bounded: below 1 ms.
local prefix, lease, t = ARGV[1], ARGV[2], tonumber(ARGV[3])
local lease_ms, limit, max_failures = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
local acks = cjson.decode(ARGV[7])
local DUE, REST, OWN, LEASES = prefix .. 'due', prefix .. 'rest', prefix .. 'own', prefix .. 'leases'
local TURN, FAIL, PARKED = prefix .. 'turn', prefix .. 'fail', prefix .. 'parked'
local now = clock()

local last = tonumber(call('HGET', TURN, lease))
if not last and (t ~= 1 or is_buried(prefix, lease)) then return {'FENCED'} end
if last and t < last then return {'OLD'} end
-- What is not ours by its token is no address of ours either, so a string is all that an address has to be here.
for i = 1, #acks, 6 do
  if type(acks[i]) ~= 'string' or type(acks[i + 2]) ~= 'number' or type(acks[i + 4]) ~= 'number' or type(acks[i + 5]) ~= 'number' then
    return redis.error_reply('BADACK ' .. tostring(acks[i]))
  end
end
local resent = last == t
call('ZADD', LEASES, now + lease_ms, lease)

-- Acks. The token names lease and turn: an ack that comes twice finds another token, or none, and does nothing.
-- What every ack does is gathered and done by one call for all: calls are what a turn's time goes into.
local stale, done, turns = 0, 0, 0
if #acks > 0 then
  local names, n = {}, 0
  for i = 1, #acks, 6 do
    n = n + 1
    names[n] = acks[i]
  end
  local tokens = call('HMGET', OWN, unpack(names))
  local freed, healthy, emptied, no_alarm, rung = {}, {}, {}, {}, {}
  local alarms, gone = 0, 0
  for i = 1, n do
    local address, at = names[i], 6 * i - 5
    local token, consumed, outcome, pause, next_ms = acks[at + 1], acks[at + 2], acks[at + 3], acks[at + 4], acks[at + 5]
    if tokens[i] ~= token then
      stale = stale + 1
    else
      turns = turns + 1
      freed[turns] = address
      if next_ms > 0 then call('ZADD', DUE, now + next_ms, address) else
        alarms = alarms + 1
        no_alarm[alarms] = address
      end
      if outcome == 'fail' then failed(prefix, address, now, max_failures)
      elseif outcome == 'rest' then call('ZADD', REST, now + pause, address)
      else
        local q = prefix .. 'q:' .. address
        done = done + consumed
        healthy[#healthy + 1] = address
        if next_ms == 0 then call('RPUSH', q, RING) end
        if call('LLEN', q) > consumed then
          call('LTRIM', q, consumed, -1)
          rung[#rung + 1] = address
        else
          gone = gone + 1
          emptied[gone] = q
        end
      end
    end
  end
  if turns > 0 then call('HDEL', OWN, unpack(freed)) end
  if #healthy > 0 then call('HDEL', FAIL, unpack(healthy)) end
  if gone > 0 then call('DEL', unpack(emptied)) end
  if alarms > 0 then call('ZREM', DUE, unpack(no_alarm)) end
  make_all_ready(prefix, rung)
end

-- Alarms ring only into an empty mailbox: one with something in it belongs to somebody who will look anyway.
local due = call('ZRANGEBYSCORE', DUE, '-inf', now, 'LIMIT', 0, limit)
local rung = {}
for _, address in ipairs(due) do
  if call('EXISTS', prefix .. 'q:' .. address) == 0 then
    call('RPUSH', prefix .. 'q:' .. address, RING)
    rung[#rung + 1] = address
  end
end
if #due > 0 then call('ZREM', DUE, unpack(due)) end
make_all_ready(prefix, rung)
for _, from in ipairs({REST, PARKED}) do
  local rested = call('ZRANGEBYSCORE', from, '-inf', now, 'LIMIT', 0, limit)
  for _, address in ipairs(rested) do
    if call('EXISTS', prefix .. 'q:' .. address) == 1 then make_ready(prefix, address) end
  end
  if #rested > 0 then call('ZREM', from, unpack(rested)) end
end

-- One dead lease: its actors are free again.
local reaped = 0
local corpse = call('ZRANGEBYSCORE', LEASES, '-inf', '(' .. now, 'LIMIT', 0, 1)[1]
if corpse and corpse ~= lease then
  local own, mark = call('HGETALL', OWN), corpse .. ':'
  for i = 1, #own, 2 do
    if string.sub(own[i + 1], 1, #mark) == mark then
      call('HDEL', OWN, own[i])
      failed(prefix, own[i], now, max_failures)
      reaped = reaped + 1
    end
  end
  bury(prefix, corpse)
end

-- Claims, by fair tag, with the depth of each mailbox: the ack trims so many, and what rings meanwhile stays.
-- The same turn sent twice answers its own claims, and takes no more.
local token, claims, left, q = lease .. ':' .. ARGV[3], {}, {}, prefix .. 'q:'
if resent then
  local own = call('HGETALL', OWN)
  for i = 1, #own, 2 do
    if own[i + 1] == token then
      claims[#claims + 1] = own[i]
      claims[#claims + 1] = call('LLEN', prefix .. 'q:' .. own[i])
    end
  end
end
for i = 8, #ARGV, 2 do
  local kind, want = ARGV[i], tonumber(ARGV[i + 1])
  local READY, VT = prefix .. 'ready:' .. kind, prefix .. 'vt:' .. kind
  if want > 0 and not resent then
    local popped, owned, n, o = call('ZPOPMIN', READY, want), {}, #claims, 0
    for k = 1, #popped, 2 do
      local address = popped[k]
      local depth = call('LLEN', q .. address)
      if depth > 0 then
        claims[n + 1], claims[n + 2] = address, depth
        owned[o + 1], owned[o + 2] = address, token
        n, o = n + 2, o + 2
      end
    end
    if o > 0 then call('HSET', OWN, unpack(owned)) end
    if #popped > 0 then call('HSET', VT, '', popped[#popped]) end
  end
  local n = call('ZCARD', READY)
  if n == 0 then call('DEL', VT, prefix .. 'wake:' .. kind) else wake(prefix, kind) end
  left[#left + 1] = n
end
call('HSET', TURN, lease, ARGV[3])
for name, n in pairs({messages = done, turns = turns, reaped = reaped, stale = stale}) do
  if n > 0 then call('HINCRBY', prefix .. 'cnt', name, n) end
end

local soonest = -1
for _, key in ipairs({DUE, REST, PARKED}) do
  local at = tonumber(call('ZRANGE', key, 0, 0, 'WITHSCORES')[2])
  if at and (soonest < 0 or at < soonest) then soonest = at end
end
-- The end of another's lease is an event too: should it be dead, its actors wait for that moment and not for a heartbeat after it.
local first = call('ZRANGE', LEASES, 0, 1, 'WITHSCORES')
local ends = tonumber(first[first[1] == lease and 4 or 2])
if ends and (soonest < 0 or ends < soonest) then soonest = ends + 1 end
return {now, soonest, stale, left, claims}
