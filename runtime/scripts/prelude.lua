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

-- Makes actors ready, each at its lane's next stride; a lane is charged only when the actor was not ready yet. A lane is tenant and
-- kind: a merchant's backlog of deliveries must not delay its own payments, nor anybody else's. What is known of a lane is read
-- and written once for all of them. Returns the kinds that there were, as keys.
local function make_all_ready(prefix, addresses)
  local lanes, kinds = {}, {}
  for _, address in ipairs(addresses) do
    local lane, kind = string.match(address, '^([^/]+/([^/]+))')
    local l = lanes[lane]
    if not l then
      local vt = prefix .. 'vt:' .. kind
      local v = call('HMGET', vt, '', lane)
      l = {vt = vt, ready = prefix .. 'ready:' .. kind, tag = math.max(tonumber(v[1] or 0), tonumber(v[2] or 0)), charged = false}
      lanes[lane], kinds[kind] = l, true
    end
    if call('ZADD', l.ready, 'NX', l.tag + 1, address) == 1 then l.tag, l.charged = l.tag + 1, true end
  end
  for lane, l in pairs(lanes) do
    if l.charged then call('HSET', l.vt, lane, l.tag) end
  end
  return kinds
end
local function make_ready(prefix, address) make_all_ready(prefix, {address}) end

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

-- A lease that has ended stays so. A copy of its first turn, stuck on the wire until now, would bring it back to life and claim actors
-- of whom nobody hears; no copy is stuck for longer than this mark stands.
local function bury(prefix, lease)
  call('ZREM', prefix .. 'leases', lease)
  call('HDEL', prefix .. 'turn', lease)
  call('SET', prefix .. 'gone:' .. lease, 1, 'PX', 20000)
end
local function is_buried(prefix, lease) return call('EXISTS', prefix .. 'gone:' .. lease) == 1 end
