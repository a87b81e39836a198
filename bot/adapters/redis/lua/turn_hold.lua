#!lua flags=allow-oom
-- Keeps everybody from a host for a while; a shorter wish does not shorten a longer one.
-- KEYS: 1 turns hash
-- ARGV: 2 ms from now, 3 ms the hash is remembered
-- Returns 1.
local known = tonumber(redis.call('HGET', KEYS[1], 'hold') or 0)
if known > NOW + 90000000 then known = 0 end  -- from before the clock was set back
redis.call('HSET', KEYS[1], 'hold', digits(math.max(known, NOW + ARGV[2])))
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return 1
