#!lua
-- Moves due digests onto ARTICLES, each once.
-- KEYS: 1 due zset, 2 fired zset, 3 articles
-- ARGV: 2 ms a fired digest is remembered
-- Returns the digests.
local due = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', digits(NOW))
for _, digest in ipairs(due) do
  redis.call('ZREM', KEYS[1], digest)
  redis.call('ZADD', KEYS[2], digits(NOW), digest)
  xadd(KEYS[3], 't', 'g', 'd', digest)
end
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', digits(NOW - ARGV[2]))
return due
