#!lua
-- Sets when digests fall due; one that is set or has fired keeps its time.
-- KEYS: 1 due zset, 2 fired zset
-- ARGV: 2.. digest, due ms, …
for i = 2, #ARGV, 2 do
  if not redis.call('ZSCORE', KEYS[2], ARGV[i]) then
    redis.call('ZADD', KEYS[1], 'NX', ARGV[i + 1], ARGV[i])
  end
end
