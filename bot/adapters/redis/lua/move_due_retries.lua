#!lua flags=allow-oom
-- Puts entries whose time has come back on their stream.
-- KEYS: 1 stream, 2 retry zset
-- ARGV: 2 how many at most
-- Returns how many.
-- What is further ahead than the longest usual wait may be from before the clock was set back.
local far = redis.call(
  'ZREVRANGEBYSCORE', KEYS[2], '+inf', digits(NOW + 960000), 'WITHSCORES', 'LIMIT', 0, ARGV[2])
for i = 1, #far, 2 do
  local wait = cmsgpack.unpack(far[i])[3]
  if wait and far[i + 1] - wait > NOW + 60000 then
    redis.call('ZADD', KEYS[2], digits(NOW + wait), far[i])
  end
end
local due = redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', digits(NOW), 'LIMIT', 0, ARGV[2])
for _, packed in ipairs(due) do
  xadd(KEYS[1], unpack(cmsgpack.unpack(packed)[2]))
  redis.call('ZREM', KEYS[2], packed)
end
return #due
