#!lua
-- Has a page looked at again; one that is to be looked at anyway keeps its time.
-- KEYS: 1 due zset, 2 looks hash
-- ARGV: 2 article id, 3 encoded Entry, 4 ms until the first look, 5 pages at most, 6 ms of memory
-- Returns 1, or 0 when there are too many.
local known = redis.call('ZSCORE', KEYS[1], ARGV[2])
if not known then
  if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[5]) then return 0 end
  redis.call('ZADD', KEYS[1], digits(NOW + ARGV[4]), ARGV[2])
end
redis.call('HSET', KEYS[2], 'd', ARGV[3])
redis.call('PEXPIRE', KEYS[2], ARGV[6])
return 1
