-- overview: a partition as a whole.
-- KEYS  [1] guard
-- ARGV  [1] prefix  [2] shown at most of each list, then kinds
-- Returns {now, {counter, n, ...}, {lease, ends at, last turn, claims, ...}, {parked address, tried next, ...},
-- then for each kind: {virtual time, first ready address | '', lane, tag, ...}}. Cost: O(claims + lanes). Writes nothing.
local prefix, shown = ARGV[1], tonumber(ARGV[2])
local claims, leases, out = {}, {}, {}
local own = call('HVALS', prefix .. 'own')
for _, token in ipairs(own) do
  local lease = string.match(token, '^(.*):[0-9]+$')
  if lease then claims[lease] = (claims[lease] or 0) + 1 end
end
local alive = call('ZREVRANGE', prefix .. 'leases', 0, shown - 1, 'WITHSCORES')
for i = 1, #alive, 2 do
  local lease = alive[i]
  for _, value in ipairs({lease, tonumber(alive[i + 1]), tonumber(call('HGET', prefix .. 'turn', lease) or 0), claims[lease] or 0}) do
    leases[#leases + 1] = value
  end
end
out[1], out[2], out[3] = clock(), call('HGETALL', prefix .. 'cnt'), leases
out[4] = call('ZRANGE', prefix .. 'parked', 0, shown - 1, 'WITHSCORES')
for i = 3, #ARGV do
  local vt = call('HGETALL', prefix .. 'vt:' .. ARGV[i])
  local lanes = {'0', call('ZRANGE', prefix .. 'ready:' .. ARGV[i], 0, 0)[1] or ''}
  for k = 1, #vt, 2 do
    if vt[k] == '' then lanes[1] = vt[k + 1]
    elseif #lanes < 2 + 2 * shown then
      lanes[#lanes + 1] = vt[k]
      lanes[#lanes + 1] = vt[k + 1]
    end
  end
  out[#out + 1] = lanes
end
return out
