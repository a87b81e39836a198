#!lua flags=allow-oom
-- Takes or renews the desk's lease: who renews keeps the token, who takes it gets the next one.
-- KEYS desk
-- ARGV shift, owner, lease ms
-- Returns the token, or 0 while another owner holds the lease.
-- Real time, never shifted: a lease is about live processes, and no test clock makes one die.
local now = NOW - tonumber(ARGV[1])
local owner, ends, token = unpack(redis.call('HMGET', KEYS[1], 'owner', 'until', 'token'))
-- One that ends much later is no lease of ours: the clock was set back.
local live = owner and tonumber(ends) > now and tonumber(ends) < now + 300000
if live and owner ~= ARGV[2] then return 0 end
if not live then token = redis.call('HINCRBY', KEYS[1], 'token', 1) end
redis.call('HSET', KEYS[1], 'owner', ARGV[2], 'until', digits(now + ARGV[3]))
return tonumber(token)
