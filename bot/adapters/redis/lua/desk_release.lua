#!lua flags=allow-oom
-- Gives the desk's lease up; the token stays, so that the next owner's is higher.
-- KEYS desk
-- ARGV shift, owner
if redis.call('HGET', KEYS[1], 'owner') ~= ARGV[2] then return 0 end
redis.call('HSET', KEYS[1], 'freed', digits(NOW - tonumber(ARGV[1])))
return redis.call('HDEL', KEYS[1], 'owner', 'until')
