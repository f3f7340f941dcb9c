-- gauges: how many actors are where, and how many leases live by this Redis's own clock.
-- KEYS  [1] guard
-- ARGV  [1] prefix, then kinds
-- Returns {running, alarms, resting, parked, live leases, ready of each kind, ...}. Cost: O(kinds). Writes nothing.
local prefix = ARGV[1]
local out = {
  call('HLEN', prefix .. 'own'),
  call('ZCARD', prefix .. 'due'),
  call('ZCARD', prefix .. 'rest'),
  call('ZCARD', prefix .. 'parked'),
  call('ZCOUNT', prefix .. 'leases', clock(), '+inf'),
}
for i = 2, #ARGV do out[#out + 1] = call('ZCARD', prefix .. 'ready:' .. ARGV[i]) end
return out
