#!lua
-- Puts a request on JOBS, once per request id.
-- KEYS guard:<request>, jobs
-- ARGV shift, request, ms to remember the id
-- Returns 1, or 0 when it was taken before.
if not redis.call('SET', KEYS[1], '1', 'NX', 'PX', ARGV[3]) then return 0 end
xadd(KEYS[2], 'd', ARGV[2])
return 1
