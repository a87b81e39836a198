#!lua flags=allow-oom
-- Gives the lease back without a receipt: to be tried again from where it was; or this revision is
-- dead; or it says no more than the digest did that it was told in. What was in doubt before this
-- call stays so, whatever refused this one.
-- KEYS post:<post>, posts
-- ARGV shift, token, problem or '', 'again', 'dead' or 'told', revision, '1' when in doubt, key,
--      ms to remember
-- Returns 1, or 0 when the token is not the newest any more.
local post = KEYS[1]
local _, token, problem, what, revision, doubt, key, memory = unpack(ARGV)
if redis.call('HGET', post, 'token') ~= token then return 0 end
local status = redis.call('HEXISTS', post, 'handle') == 1 and 'sent' or 'ready'
if what == 'dead' then
  status = 'dead'
  redis.call('HSET', post, 'dead', revision)
elseif what == 'told' then
  status = 'told'
  redis.call('HSET', post, 'sent', revision)
end
redis.call('HSET', post, 'status', status)
redis.call('HDEL', post, 'until', 'problem')
if problem ~= '' then redis.call('HSET', post, 'problem', problem) end
if doubt == '0' then redis.call('HDEL', post, 'doubt', 'first_try') end
redis.call('PEXPIRE', post, memory)
redis.call('ZADD', KEYS[2], digits(NOW), key)
return 1
