#!lua
-- Adds an entry to a stream, once per guard.
-- KEYS: 1 stream, 2 guard (absent: no guard)
-- ARGV: 2 ms the guard lives, 3.. field, value, …
-- Returns the id; nil when the guard was there.
if KEYS[2] and not redis.call('SET', KEYS[2], '1', 'NX', 'PX', ARGV[2]) then return false end
return xadd(KEYS[1], unpack(ARGV, 3))
