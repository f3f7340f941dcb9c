-- unpark: the operator's retry. The actor is ready again, and its failures are forgotten.
-- KEYS  [1] guard
-- ARGV  [1] prefix  [2] address
-- Returns 1 when it was parked, else 0: then nothing was done. Cost: O(1). Sent twice it answers 0 the second time.
local prefix, address = ARGV[1], ARGV[2]
if not is_address(address) then return redis.error_reply('BADADDRESS ' .. tostring(address)) end
if call('ZREM', prefix .. 'parked', address) == 0 then return 0 end
call('HDEL', prefix .. 'fail', address)
if call('EXISTS', prefix .. 'q:' .. address) == 0 then call('RPUSH', prefix .. 'q:' .. address, RING) end
make_ready(prefix, address)
wake(prefix, kind_of(address))
return 1
