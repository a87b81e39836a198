#!lua flags=allow-oom
-- Has one post tried where others wait; where none waits, nothing is parked any more.
-- KEYS deliveries, parked, parked:<where>, waiting:<where>
-- ARGV shift, where, post key or '', ms to remember
local deliveries, parked, here, waiting = unpack(KEYS)
local _, where, key, memory = unpack(ARGV)
local since, open, wait = unpack(redis.call('HMGET', here, 'since', 'open', 'wait'))
if not since or open then return end
redis.call('ZREMRANGEBYSCORE', waiting, '-inf', digits(NOW - memory))
if key ~= '' then
  redis.call('HSET', here, 'probe', key, 'tried', digits(NOW), 'next', digits(NOW + wait))
  xadd(deliveries, 'k', key)
elseif redis.call('EXISTS', waiting) == 0 then
  redis.call('DEL', here)
  redis.call('ZREM', parked, where)
end
