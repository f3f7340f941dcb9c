-- Joined in front of every script. Rules of the house: only Redis TIME, every loop bounded, validate first and write after,
-- and every script may be sent twice. Keys are named by the prefix of their partition, whose hash tag puts them into one slot;
-- `guard` never exists and is declared so that a Cluster refuses the whole script, not its second half, while the slot moves.
local call = redis.call
local RING = '!'   -- a doorbell without content: "look at what is due"; commands and timers themselves stand in Postgres

local function clock()
  local t = call('TIME')
  return t[1] * 1000 + math.floor(t[2] / 1000)
end

-- Asked before a script writes anything: there is no rollback of what it did before an error.
local function is_address(address) return type(address) == 'string' and string.match(address, '^[^/]+/[^/]+/[^/]+$') end
local function kind_of(address) return string.match(address, '^[^/]+/([^/]+)') end

-- Makes an actor ready at its lane's next stride; a lane is charged only when the actor was not ready yet. A lane is tenant and
-- kind: a merchant's backlog of deliveries must not delay its own payments, nor anybody else's.
local function make_ready(prefix, address)
  local lane, kind = string.match(address, '^([^/]+/([^/]+))')
  local vt = prefix .. 'vt:' .. kind
  local v = call('HMGET', vt, '', lane)
  local tag = math.max(tonumber(v[1] or 0), tonumber(v[2] or 0)) + 1
  if call('ZADD', prefix .. 'ready:' .. kind, 'NX', tag, address) == 1 then call('HSET', vt, lane, tag) end
end

-- One token at most: it wakes one worker, whose turn rings again while anything is left.
local function wake(prefix, kind)
  local key = prefix .. 'wake:' .. kind
  if call('EXISTS', key) == 0 then call('RPUSH', key, 1) end
end

-- A failure that is the actor's own: a handler threw, or a worker died with it in hand. The second in a row begins to rest,
-- so that a bad hour of workers does not park healthy actors; from `max` on it is parked and tried after 1 min, 10 min, hourly.
-- `parked` holds when to try next, and its mailbox is kept.
local function failed(prefix, address, now, max)
  local n = call('HINCRBY', prefix .. 'fail', address, 1)
  if n >= max then
    local pause = n == max and 60000 or n == max + 1 and 600000 or 3600000
    call('ZADD', prefix .. 'parked', now + pause, address)
  elseif n > 1 then
    call('ZADD', prefix .. 'rest', now + math.min(30000, 50 * 2 ^ n), address)
  else
    make_ready(prefix, address)
  end
end
