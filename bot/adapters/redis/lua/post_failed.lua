#!lua flags=allow-oom
-- Gives the lease back without a receipt: to be tried again from where it was, or for good. What
-- was in doubt before this call stays so, whatever refused this one.
-- KEYS post:<post>, posts
-- ARGV shift, token, problem, '1' when dead, '1' when in doubt, key, ms to remember
-- Returns 1, or 0 when the token is not the newest any more.
local post = KEYS[1]
local _, token, problem, dead, doubt, key, memory = unpack(ARGV)
if redis.call('HGET', post, 'token') ~= token then return 0 end
local status = redis.call('HEXISTS', post, 'handle') == 1 and 'sent' or 'ready'
if dead == '1' then status = 'dead' end
redis.call('HSET', post, 'status', status, 'problem', problem)
redis.call('HDEL', post, 'until')
if doubt == '0' then redis.call('HDEL', post, 'doubt') end
redis.call('PEXPIRE', post, memory)
redis.call('ZADD', KEYS[2], digits(NOW), key)
return 1
