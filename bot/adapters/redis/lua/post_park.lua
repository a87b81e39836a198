#!lua flags=allow-oom
-- Lets a post wait for what is parked, and acknowledges its entry.
-- KEYS deliveries, post:<post>, parked:<where>, waiting:<where>
-- ARGV shift, group, consumer, entry, post key
-- Returns 1, 0 when it works again by now, -1 when the entry is not the consumer's any more.
local _, group, consumer, entry, key = unpack(ARGV)
if not owns(KEYS[1], group, consumer, entry) then return -1 end
local since, open = unpack(redis.call('HMGET', KEYS[3], 'since', 'open'))
if not since or open then return 0 end
redis.call('ZADD', KEYS[4], redis.call('HGET', KEYS[2], 'created') or digits(NOW), key)
redis.call('XACK', KEYS[1], group, entry)
return 1
