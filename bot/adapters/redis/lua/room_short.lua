#!lua flags=allow-oom
-- Notes since when something is short; a full server takes this, too.
-- KEYS: 1 room
-- ARGV: 2.. what is short
-- Returns {what, since ms, …} of all that is noted.
for i = 2, #ARGV do redis.call('HSETNX', KEYS[1], ARGV[i], digits(NOW)) end
return redis.call('HGETALL', KEYS[1])
