#!lua flags=allow-oom
-- Puts posts back on DELIVERIES where it works again; the last ends the parking.
-- KEYS deliveries, parked, parked:<where>, waiting:<where>
-- ARGV shift, where, each post key
-- Returns 1 when nothing waits any more.
local deliveries, parked, here, waiting = unpack(KEYS)
if not redis.call('HGET', here, 'open') then return 0 end
for place = 3, #ARGV do
  if redis.call('ZREM', waiting, ARGV[place]) == 1 then xadd(deliveries, 'k', ARGV[place]) end
end
if redis.call('EXISTS', waiting) == 1 then return 0 end
redis.call('DEL', here)
redis.call('ZREM', parked, ARGV[2])
return 1
