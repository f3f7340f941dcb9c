-- leave: ends a lease and frees its actors at once. A worker calls it after its drain; the supervisor, for a worker it saw die,
-- so that nobody waits for the lease to run out.
-- KEYS  [1] guard
-- ARGV  [1] prefix  [2] lease  [3] '1': it crashed  [4] max failures
-- Returns how many actors were freed. Cost: O(claims under way). Sent twice it finds nothing.
local prefix, lease, crashed, max_failures = ARGV[1], ARGV[2], ARGV[3] == '1', tonumber(ARGV[4])
local own, mark = call('HGETALL', prefix .. 'own'), lease .. ':'
local now, freed, woken = clock(), 0, {}
for i = 1, #own, 2 do
  if string.sub(own[i + 1], 1, #mark) == mark then
    call('HDEL', prefix .. 'own', own[i])
    if crashed then failed(prefix, own[i], now, max_failures) else make_ready(prefix, own[i]) end
    woken[kind_of(own[i])] = true
    freed = freed + 1
  end
end
bury(prefix, lease)
for kind in pairs(woken) do wake(prefix, kind) end
return freed
