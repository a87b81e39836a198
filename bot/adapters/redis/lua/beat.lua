#!lua flags=allow-oom
-- Writes down that a role is alive.
-- KEYS beats
-- ARGV shift, role
-- Real time, never shifted: it is about live processes.
return redis.call('HSET', KEYS[1], ARGV[2], digits(NOW - tonumber(ARGV[1])))
