-- inspect: one actor as this Redis knows it.
-- KEYS  [1] guard
-- ARGV  [1] prefix  [2] address  [3] doorbells shown at most
-- Returns {now, depth, {doorbell, ...}, rank in ready | -1, ready in all, token | '', the lease's end | -1, rests until | -1,
-- failures in a row, parked and tried next | -1, alarm | -1}; times in ms of this Redis's clock. Cost: O(shown). Writes nothing.
local prefix, address, shown = ARGV[1], ARGV[2], tonumber(ARGV[3])
if not is_address(address) then return redis.error_reply('BADADDRESS ' .. tostring(address)) end
local q, READY = prefix .. 'q:' .. address, prefix .. 'ready:' .. kind_of(address)
local token = call('HGET', prefix .. 'own', address) or ''
local lease = string.match(token, '^(.*):[0-9]+$') or ''
local function score(key, member) return tonumber(call('ZSCORE', prefix .. key, member) or -1) end
return {
  clock(), call('LLEN', q), call('LRANGE', q, 0, shown - 1),
  call('ZRANK', READY, address) or -1, call('ZCARD', READY),
  token, score('leases', lease), score('rest', address),
  tonumber(call('HGET', prefix .. 'fail', address) or 0), score('parked', address), score('due', address),
}
