#!lua
-- Ends a poll: state, what was seen, next due time and new entries, whole or not at all.
-- KEYS: 1 due zset, 2 feed hash, 3 seen zset, 4 prints hash, 5 revisions hash, 6 entries
-- ARGV: 2 feed id, 3 token, 4 state, 5 next due ms, 6 ms a feed is remembered,
--       7 ids kept beyond the last document, 8 number of seen, then entry key, fingerprint, …;
--       then entry key, article id, encoded entry, …
-- Returns 1, or 0 when the lease has gone to somebody else or the feed is polled no more.
local due, feed, seen, prints, revisions = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
if redis.call('HGET', feed, 'token') ~= ARGV[3] or not redis.call('ZSCORE', due, ARGV[2]) then
  return 0
end
redis.call('HINCRBY', feed, 'token', 1)  -- this lease is spent
redis.call('HSET', feed, 'state', ARGV[4])
redis.call('ZADD', due, 'XX', ARGV[5], ARGV[2])

-- A print is '<article id> <fingerprint>'; the id goes with the key when the key is forgotten.
local function article_of(print)
  return print and string.match(print, '^%S*') or ''
end

local listed = tonumber(ARGV[8])
local first_entry = 9 + 2 * listed
local article = {}
for i = first_entry, #ARGV, 3 do article[ARGV[i]] = ARGV[i + 1] end
for i = 9, first_entry - 1, 2 do
  local key, fingerprint = ARGV[i], ARGV[i + 1]
  local id = article[key] or article_of(redis.call('HGET', prints, key))
  redis.call('ZADD', seen, digits(NOW), key)
  redis.call('HSET', prints, key, id .. ' ' .. fingerprint)
end

for i = first_entry, #ARGV, 3 do
  local revision = redis.call('HINCRBY', revisions, ARGV[i + 1], 1)
  xadd(KEYS[6], 'rev', digits(revision), 'd', ARGV[i + 2])
end

-- The last document's keys have the highest score, so they are never among the oldest.
local many = redis.call('ZCARD', seen) - listed - ARGV[7]
if listed > 0 and many > 0 then
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
for _, key in ipairs({feed, seen, prints, revisions}) do redis.call('PEXPIRE', key, ARGV[6]) end
return 1
