#!lua
-- Ends a poll: state, what was seen, next due time and entries, whole or not at all.
-- KEYS: 1 due zset, 2 feed hash, 3 seen zset, 4 prints hash, 5 revisions hash, 6 entries,
--       7 turns hash of the host, 8 held list, 9 hosts hash, 10 hosts that answered or did not,
--       11 network hash
-- ARGV: 2 feed id, 3 token, 4 state, 5 next due ms, 6 host ('' for none), 7 its host from now on
--       ('' for the same), 8 ms the host is left alone (0 for not at all), 9 '1' for a host that
--       answered, '0' for one out of reach, '' for neither, 10 ms a feed is remembered, 11 ms
--       turns are remembered, 12 ms KEYS[10] is, 13 keys kept beyond the last document
--       at most, 14 ms they are kept after they were last listed, 15 number of seen, 16 of entries;
--       then entry key, what is remembered, … article id,
--       encoded entry, …; the same of entries to park
-- Returns 1, or 0 when the lease has gone to somebody else or the feed is polled no more.
local due, feed, seen, prints, revisions = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local turns, held = KEYS[7], KEYS[8]
if redis.call('HGET', feed, 'token') ~= ARGV[3] or not redis.call('ZSCORE', due, ARGV[2]) then
  return 0
end
redis.call('HINCRBY', feed, 'token', 1)  -- this lease is spent
redis.call('HSET', feed, 'state', ARGV[4])
redis.call('ZADD', due, 'XX', ARGV[5], ARGV[2])

if ARGV[6] ~= '' then
  redis.call('HDEL', turns, 'at:' .. ARGV[2])
  if ARGV[8] ~= '0' then
    local known = tonumber(redis.call('HGET', turns, 'hold') or 0)
    if known > NOW + 90000000 then known = 0 end  -- from before the clock was set back
    redis.call('HSET', turns, 'hold', digits(math.max(known, NOW + ARGV[8])))
    redis.call('PEXPIRE', turns, ARGV[11])
  end
  if ARGV[9] ~= '' then
    redis.call('PFADD', KEYS[10], ARGV[6])
    redis.call('PEXPIRE', KEYS[10], ARGV[12])
    if ARGV[9] == '1' then redis.call('HSET', KEYS[11], 'answered', digits(NOW)) end
  end
end
if ARGV[7] ~= '' then
  local bridge = string.match(redis.call('HGET', KEYS[9], ARGV[2]) or '', '^%*') or ''
  redis.call('HSET', KEYS[9], ARGV[2], bridge .. ARGV[7])
end

-- What is remembered begins with the article id; it goes with the key when that is forgotten.
local function article_of(print)
  return string.match(print, '^%S*')
end

local listed, passed = tonumber(ARGV[15]), tonumber(ARGV[16])
local first_entry = 17 + 2 * listed
local first_held = first_entry + 2 * passed

-- The document before was listed until now, though it may not have changed for months; and what
-- was seen in the future was seen before the clock was set back.
local last = listed > 0 and redis.call('ZREVRANGE', seen, 0, 0, 'WITHSCORES')[2]
if last and math.abs(NOW - last) > 3600000 then
  local since = tonumber(last) > NOW and '(' .. digits(NOW) or last
  for _, key in ipairs(redis.call('ZRANGEBYSCORE', seen, since, '+inf')) do
    redis.call('ZADD', seen, digits(NOW - 1), key)
  end
end
for i = 17, first_entry - 1, 2 do
  redis.call('ZADD', seen, digits(NOW), ARGV[i])
  redis.call('HSET', prints, ARGV[i], ARGV[i + 1])
end
for i = first_entry, first_held - 1, 2 do
  local revision = redis.call('HINCRBY', revisions, ARGV[i], 1)
  xadd(KEYS[6], 'rev', digits(revision), 'd', ARGV[i + 1])
end
for i = first_held, #ARGV do redis.call('RPUSH', held, ARGV[i]) end
if #ARGV >= first_held then
  redis.call('LTRIM', held, -8000, -1)
  local weight = redis.pcall('MEMORY', 'USAGE', held, 'SAMPLES', 0)  -- not everybody may ask that
  if type(weight) == 'number' and weight > 8388608 then
    local fit = math.floor(redis.call('LLEN', held) / 2 * 8388608 / weight)
    redis.call('LTRIM', held, -2 * math.max(fit, 1), -1)
  end
  redis.call('HSET', feed, 'held', redis.call('LLEN', held) / 2)
  redis.call('PEXPIRE', held, ARGV[10])
end

-- The last document's keys have the highest score, so they are never among the oldest. Too many,
-- or too old and not among the youngest 200; some at a time, for looking through all is dear.
local beyond = redis.call('ZCARD', seen) - listed
local old = redis.call('ZCOUNT', seen, '-inf', digits(NOW - ARGV[14]))
local many = math.max(beyond - ARGV[13], math.min(old, beyond - 200))
if listed > 0 and many >= 50 then
  for _, key in ipairs(redis.call('ZRANGE', seen, 0, many - 1)) do
    redis.call('ZREM', seen, key)
    redis.call('HDEL', prints, key)
  end
  local alive = {}
  for _, print in ipairs(redis.call('HVALS', prints)) do alive[article_of(print)] = true end
  for _, id in ipairs(redis.call('HKEYS', revisions)) do
    if not alive[id] then redis.call('HDEL', revisions, id) end
  end
end
for _, key in ipairs({feed, seen, prints, revisions}) do redis.call('PEXPIRE', key, ARGV[10]) end
return 1
