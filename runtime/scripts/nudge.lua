-- nudge: actors that Postgres says are owed a turn, now or soon.
-- KEYS  [1] guard
-- ARGV  [1] prefix, then address, ms until it is due (0: overdue), ...; at most 256 addresses
-- Returns one digit an actor: 0 somebody is responsible, 1 a lost actor was made ready, 2 its mailbox was empty and got a ring,
-- 3 an alarm was set. For an overdue actor `due` is not asked: an alarm set for later is no answer to something overdue now.
-- Cost: O(addresses). Sent twice it answers 0 the second time.
local prefix = ARGV[1]
for i = 2, #ARGV, 2 do
  if not is_address(ARGV[i]) then return redis.error_reply('BADADDRESS ' .. ARGV[i]) end
end
local now, out, healed, woken = clock(), {}, 0, {}
for i = 2, #ARGV, 2 do
  local address, ms, q = ARGV[i], tonumber(ARGV[i + 1]), prefix .. 'q:' .. ARGV[i]
  local digit = '0'
  if ms > 0 then
    if call('ZADD', prefix .. 'due', 'NX', now + ms, address) == 1 then digit = '3' end
  elseif not call('ZSCORE', prefix .. 'ready:' .. kind_of(address), address) and call('HEXISTS', prefix .. 'own', address) == 0
    and not call('ZSCORE', prefix .. 'rest', address) and not call('ZSCORE', prefix .. 'parked', address) then
    digit = '1'
    if call('EXISTS', q) == 0 then
      call('RPUSH', q, RING)
      digit = '2'
    end
    make_ready(prefix, address)
    woken[kind_of(address)] = true
    healed = healed + 1
  end
  out[#out + 1] = digit
end
for kind in pairs(woken) do wake(prefix, kind) end
if healed > 0 then call('HINCRBY', prefix .. 'cnt', 'healed', healed) end
return table.concat(out)
