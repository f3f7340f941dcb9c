-- gate: whether calls to places outside may begin now, and what came of those that ended.
-- KEYS  [1] guard
-- ARGV  [1] prefix  [2] places, JSON: [[name, at once, slow ms, most, gap ms, hold ms, trip, cool ms, longest cool ms,
--       [call, outcome, took ms, ...] ended, [call, ...] to begin], ...]
--       outcome: 1 well, 0 failed, -1 nobody knows
-- Returns for every call to begin, in order: 0 it may; n > 0 ask again in n ms; n < 0 the same, because the place is shut.
--
-- `at once` is meant for calls that take `slow ms`; a place that answers in a tenth of it may have ten times as many, up to `most`.
-- Whoever is refused is promised a moment of its own, one spacing behind the one before: so a backlog asks again at the pace
-- at which there is room, and never all at once. After `trip` failures in a row a place is shut but for one call at a time,
-- first after `cool ms`, then after twice as long, and so on; the first that goes well opens it.
-- Cost: O(calls). Sent twice, an end counts once, since it must find its call; calls to begin hold what they held.
-- A hundred askers a second cost a few per cent of a core, and a backlog behind callers that died is through in seconds. Before
-- a shut gate, where a place may stay dead for days, it is twenty.
local MIN_WAIT, MAX_SPACING, SHUT_SPACING, MAX_WAIT, KEEP = 100, 10, 50, 3600000, 86400000
local prefix, places = ARGV[1], cjson.decode(ARGV[2])
local now, answers = clock(), {}
for _, place in ipairs(places) do
  local name, at_once, slow_ms, most, gap, hold, trip, first_cool, last_cool, ended, begin = unpack(place)
  local STATE, CALLS = prefix .. 'gate:' .. name, prefix .. 'calls:' .. name
  local s = call('HMGET', STATE, 'failures', 'until', 'cool', 'took', 'promised', 'paced')
  for i = 1, 6 do s[i] = tonumber(s[i] or 0) end
  local failures, shut_until, cool, took, promised, paced = unpack(s)

  for i = 1, #ended, 3 do
    if call('ZREM', CALLS, ended[i]) == 1 and ended[i + 1] >= 0 then
      took = took == 0 and ended[i + 2] or took + (ended[i + 2] - took) / 8
      if ended[i + 1] == 1 then
        failures, shut_until, cool = 0, 0, 0
      else
        failures = failures + 1
        -- Calls that were under way when it shut fail after it did: they say nothing new.
        if failures >= trip and now >= shut_until then
          cool = cool == 0 and first_cool or math.min(cool * 2, last_cool)
          shut_until = now + cool
        end
      end
    end
  end

  if #begin > 0 then
    call('ZREMRANGEBYSCORE', CALLS, '-inf', now) -- their callers died
    local under_way = call('ZCARD', CALLS)
    local oldest = tonumber(call('ZRANGE', CALLS, 0, 0, 'WITHSCORES')[2])
    -- What is under way may be slower than what has ended: a place that begins to hang is noticed before its calls time out.
    local takes = math.max(1, took == 0 and slow_ms or took, oldest and now + hold - oldest or 0)
    local room = math.max(at_once, math.min(most, at_once * slow_ms / takes))
    local shut, held = failures >= trip, {}
    for _, id in ipairs(begin) do
      local may = under_way < room
      if shut then may = under_way == 0 and now >= shut_until end
      if may and gap > 0 then may = paced <= now + 1000 - gap end
      if may then
        if gap > 0 then paced = math.max(paced, now) + gap end
        under_way = under_way + 1
        held[#held + 1] = now + hold
        held[#held + 1] = id
        answers[#answers + 1] = 0
      else
        local spacing = math.max(gap, 1, shut and SHUT_SPACING or math.min(MAX_SPACING, takes / room))
        promised = math.max(promised, shut_until, now) + spacing
        local wait = math.ceil(math.max(MIN_WAIT, math.min(MAX_WAIT, promised - now)))
        answers[#answers + 1] = shut and -wait or wait
      end
    end
    if #held > 0 then
      call('ZADD', CALLS, unpack(held))
      call('PEXPIRE', CALLS, hold)
    end
  end
  call('HSET', STATE, 'failures', failures, 'until', shut_until, 'cool', cool, 'took', math.floor(took),
    'promised', math.floor(promised), 'paced', math.floor(paced))
  call('PEXPIRE', STATE, KEEP)
end
return answers
