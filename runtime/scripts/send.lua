-- send: a doorbell to each of many mailboxes.
-- KEYS  [1] guard
-- ARGV  [1] prefix  [2] mailbox cap, then address, envelope, ...
-- Returns the depth of each mailbox; -1: the actor is parked. Beyond the cap nothing stays: the command itself is durable, the
-- actor is scheduled already, and its load reads what stands in Postgres.
-- Cost: O(addresses); sent twice it rings twice, and the second ring is an empty turn.
local prefix, cap = ARGV[1], tonumber(ARGV[2])
for i = 3, #ARGV, 2 do
  if not is_address(ARGV[i]) then return redis.error_reply('BADADDRESS ' .. ARGV[i]) end
end
local depths, empty = {}, {}
for i = 3, #ARGV, 2 do
  local address, q = ARGV[i], prefix .. 'q:' .. ARGV[i]
  local depth = call('RPUSH', q, ARGV[i + 1])
  if depth == 1 then
    empty[#empty + 1] = address
  else
    if depth > cap then
      call('RPOP', q)
      depth = cap
    end
    if call('ZSCORE', prefix .. 'parked', address) then depth = -1 end
  end
  depths[#depths + 1] = depth
end
local woken = make_all_ready(prefix, empty)
for kind in pairs(woken) do wake(prefix, kind) end
return depths
