#!lua flags=allow-oom
-- Lets a post wait whose token or channel was refused, and parks what was refused. Only the post
-- that was tried there makes the next try later: many are refused at once in the beginning.
-- KEYS post:<post>, posts, deliveries, parked, parked:<where>, waiting:<where>
-- ARGV shift, token, problem, '1' when in doubt, post key, where, group, consumer, entry,
--      ms to the first try, ms to the last
-- Returns 'first', 'one more', or 'lost' when the token is not the newest any more.
local post, posts, deliveries, parked, here, waiting = unpack(KEYS)
local _, token, problem, doubt, key, where, group, consumer, entry, soon, late = unpack(ARGV)
if redis.call('HGET', post, 'token') ~= token then return 'lost' end
local handle, created = unpack(redis.call('HMGET', post, 'handle', 'created'))
redis.call('HSET', post, 'status', handle and 'sent' or 'ready', 'problem', problem)
redis.call('HDEL', post, 'until')
if doubt == '0' then redis.call('HDEL', post, 'doubt', 'first_try') end
redis.call('ZADD', posts, digits(NOW), key)

local since, open, tried, wait = unpack(redis.call('HMGET', here, 'since', 'open', 'probe', 'wait'))
if not since then
  redis.call('HSET', here, 'since', digits(NOW))
  redis.call('ZADD', parked, digits(NOW), where)
  wait = soon
elseif open or tried == key then
  wait = math.min(wait * 2, tonumber(late))
end
if not since or open or tried == key then
  redis.call('HSET', here, 'wait', wait, 'tried', digits(NOW), 'next', digits(NOW + wait))
  redis.call('HDEL', here, 'open', 'probe')
end
redis.call('HSET', here, 'problem', problem)
redis.call('ZADD', waiting, created, key)
if owns(deliveries, group, consumer, entry) then redis.call('XACK', deliveries, group, entry) end
return since and 'one more' or 'first'
