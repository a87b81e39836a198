#!lua flags=allow-oom
-- Acknowledges a DELIVERIES entry once its post is as desired, dead or gone.
-- KEYS deliveries, post:<post>
-- ARGV shift, group, consumer, entry
-- Returns 1, 0 when there is work left again, -1 when the entry is not the consumer's any more.
local _, group, consumer, entry = unpack(ARGV)
if not owns(KEYS[1], group, consumer, entry) then return -1 end
if not settled(KEYS[2]) then return 0 end
redis.call('XACK', KEYS[1], group, entry)
return 1
