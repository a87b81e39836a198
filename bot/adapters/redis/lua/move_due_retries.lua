#!lua flags=allow-oom
-- Puts entries whose time has come back on their stream.
-- KEYS: 1 stream, 2 retry zset
-- ARGV: 2 how many at most
-- Returns how many.
local due = redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', digits(NOW), 'LIMIT', 0, ARGV[2])
for _, packed in ipairs(due) do
  xadd(KEYS[1], unpack(cmsgpack.unpack(packed)[2]))
  redis.call('ZREM', KEYS[2], packed)
end
return #due
