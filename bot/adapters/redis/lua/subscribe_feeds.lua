#!lua
-- Makes exactly these feeds the polled ones; what is known of a feed stays.
-- KEYS: 1 due zset
-- ARGV: 2.. feed id, ms first due ('' for now), …
local wanted = {}
for i = 2, #ARGV, 2 do
  wanted[ARGV[i]] = true
  local due = ARGV[i + 1]
  if due == '' then due = digits(NOW) end
  redis.call('ZADD', KEYS[1], 'NX', due, ARGV[i])
end
for _, feed in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do
  if not wanted[feed] then redis.call('ZREM', KEYS[1], feed) end
end
