-- unknown: of actors that Postgres says are overdue, those that nobody here is responsible for.
-- KEYS  [1] guard
-- ARGV  [1] prefix, then addresses; at most 1,000
-- Returns their addresses. Cost: O(addresses). Writes nothing.
local prefix, out = ARGV[1], {}
for i = 2, #ARGV do
  local address = ARGV[i]
  if not is_address(address) then return redis.error_reply('BADADDRESS ' .. address) end
  if not call('ZSCORE', prefix .. 'ready:' .. kind_of(address), address) and call('HEXISTS', prefix .. 'own', address) == 0
    and not call('ZSCORE', prefix .. 'rest', address) and not call('ZSCORE', prefix .. 'parked', address) then
    out[#out + 1] = address
  end
end
return out
