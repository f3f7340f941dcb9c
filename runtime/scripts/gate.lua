-- gate: whether calls to places outside may begin now, and what came of those that ended.
-- KEYS  [1] guard
-- ARGV  [1] prefix  [2] places, JSON: [[name, at once, slow ms, most, gap ms, hold ms, trip, cool ms, longest cool ms,
--       generation, [call, outcome, took ms, ...] ended, [call, address, ...] to begin], ...]
--       outcome: 1 well, 0 failed, -1 nobody knows
--       [3] '1': every actor lives in this partition, so that whose turn it is can be rung here
-- Returns {an answer for every call to begin, in order; addresses to ring elsewhere: it is their turn now}. An answer is 0: it may;
-- n > 0: ask again when rung, or by yourself in n ms; n < 0: the same, because the place is shut.
--
-- `at once` is meant for calls that take `slow ms`; a place that answers in a tenth of it may have a hundred times as many, up to
-- `most`: it gives its places back soon, and whoever is refused costs a turn.
-- Who is refused for lack of room waits in line, and whoever leaves calls the next: a backlog costs nothing while it waits, and
-- goes as fast as there is room. Nobody overtakes the line, and whoever was called has a place kept for a moment. Where a rate
-- is the limit, each is promised a moment of its own instead. After `trip` failures in a row a place is shut but for one call at
-- a time, first after `cool ms`, then after twice as long, and so on; the first that goes well opens it. A new generation forgets
-- what was held against the one before.
-- Cost: O(calls). Sent twice, an end counts once, since it must find its call; calls to begin hold what they held.
local MIN_WAIT, CALLED_FOR, LOOK, LONGEST_LOOK, FIRST_IN_LINE, KEEP = 100, 2000, 20000, 600000, 5, 86400000
local LONGEST_IN_LINE = 60000
local prefix, places, here = ARGV[1], cjson.decode(ARGV[2]), ARGV[3] == '1'
local now, answers, rung, woken = clock(), {}, {}, {}
for _, place in ipairs(places) do
  local name, at_once, slow_ms, most, gap, hold, trip, first_cool, last_cool, generation, ended, begin = unpack(place)
  local STATE, CALLS = prefix .. 'gate:' .. name, prefix .. 'calls:' .. name
  local LINE, CALLED = prefix .. 'line:' .. name, prefix .. 'called:' .. name
  local s = call('HMGET', STATE, 'failures', 'until', 'cool', 'took', 'promised', 'paced', 'probe', 'line', 'generation',
    'ticket')
  for i = 1, 10 do s[i] = tonumber(s[i] or 0) end
  local failures, shut_until, cool, took, promised, paced, probe, line, known, ticket = unpack(s)
  local is_past = generation < known
  if generation > known then failures, shut_until, cool, took, probe, known = 0, 0, 0, 0, 0, generation end

  for i = 1, #ended, 3 do
    if call('ZREM', CALLS, ended[i]) == 1 and ended[i + 1] >= 0 and not is_past then
      took = took == 0 and ended[i + 2] or took + (ended[i + 2] - took) / 8
      if ended[i + 1] == 1 then
        failures, shut_until, cool, probe = 0, 0, 0, 0
      else
        failures = failures + 1
        -- Calls that were under way when it shut fail after it did: they say nothing new.
        if failures >= trip and now >= shut_until then
          cool = cool == 0 and first_cool or math.min(cool * 2, last_cool)
          shut_until, probe = now + cool, 0
        end
      end
    end
  end

  call('ZREMRANGEBYSCORE', CALLS, '-inf', now) -- their callers died
  local under_way = call('ZCARD', CALLS)
  local oldest = tonumber(call('ZRANGE', CALLS, 0, 0, 'WITHSCORES')[2])
  -- What is under way may be slower than what has ended: a place that begins to hang is noticed before its calls time out.
  local takes = math.max(1, took == 0 and slow_ms or took, oldest and now + hold - oldest or 0)
  local room = math.max(at_once, math.min(most, at_once * (slow_ms / takes) ^ 2))
  local shut, held, called = failures >= trip, {}, 0
  if line > 0 then
    call('ZREMRANGEBYSCORE', CALLED, '-inf', now)
    called, line = call('ZCARD', CALLED), call('ZCARD', LINE)
  end

  -- The next in line: as many as there is room for; before a shut gate one, if nobody is going to try.
  local free, next_in_line, came = math.floor(room) - under_way - called, {}, {}
  if shut then free = under_way + called == 0 and probe < now - CALLED_FOR and 1 or 0 end
  if line > 0 and free > 0 then
    local popped, marked = call('ZPOPMIN', LINE, math.min(free, 128)), {}
    for i = 1, #popped, 2 do
      next_in_line[#next_in_line + 1] = popped[i]
      marked[i], marked[i + 1] = now + CALLED_FOR, popped[i]
    end
    call('ZADD', CALLED, unpack(marked))
    call('PEXPIRE', CALLED, CALLED_FOR)
    line, called = line - #next_in_line, called + #next_in_line
  end

  for i = 1, #begin, 2 do
    local id, address, answer = begin[i], begin[i + 1], 0
    local is_called = called > 0 and call('ZREM', CALLED, address) == 1
    if is_called then called, came[address] = called - 1, true end
    local may = under_way + called < room
    if shut then may = under_way == 0 and now >= shut_until end
    if gap > 0 then may = may and paced <= now + 1000 - gap end
    if may then
      if gap > 0 then paced = math.max(paced, now) + gap end
      if line > 0 and call('ZREM', LINE, address) == 1 then line = line - 1 end
      under_way = under_way + 1
      held[#held + 1] = now + hold
      held[#held + 1] = id
    elseif gap > 0 then
      promised = math.max(promised, shut_until, now) + math.max(gap, shut and 50 or takes / room)
      answer = math.max(MIN_WAIT, math.min(LONGEST_LOOK, promised - now))
    elseif shut and under_way == 0 and probe <= now + MIN_WAIT then
      -- This one tries when the pause is over; all others wait for what comes of it.
      answer = math.max(MIN_WAIT, shut_until - now)
      probe = now + answer
    else
      ticket = ticket + 1
      if call('ZADD', LINE, 'NX', ticket, address) == 1 then line = line + 1 end
      -- A Redis that loses the line calls nobody in it: nobody waits longer than this for a call that never comes.
      answer = math.min(LONGEST_IN_LINE, LOOK * (1 + line / 50))
      -- Should all that are under way have died, nobody calls: the first in line look when those are given up.
      if line <= FIRST_IN_LINE then answer = math.min(answer, (oldest or now + hold) - now + MIN_WAIT) end
    end
    answers[#answers + 1] = math.ceil(shut and -answer or answer)
  end
  if #held > 0 then
    call('ZADD', CALLS, unpack(held))
    call('PEXPIRE', CALLS, hold)
  end

  for _, address in ipairs(next_in_line) do
    if came[address] then -- it is here already
    elseif not here then rung[#rung + 1] = address
    elseif call('RPUSH', prefix .. 'q:' .. address, RING) == 1 then
      make_ready(prefix, address)
      woken[kind_of(address)] = true
    end
  end
  call('HSET', STATE, 'failures', failures, 'until', shut_until, 'cool', cool, 'took', math.floor(took),
    'promised', math.floor(promised), 'paced', math.floor(paced), 'probe', probe, 'line', line + called, 'generation', known,
    'ticket', ticket)
  call('PEXPIRE', STATE, KEEP)
  if line > 0 then call('PEXPIRE', LINE, KEEP) end
end
for kind in pairs(woken) do wake(prefix, kind) end
return {answers, rung}
