#!lua flags=allow-oom
-- Leases a post, or says why not:
--   no record, dead, or sent as desired    settled
--   a lease that is not over               busy
--   sent, and less than desired            edit
--   not sent, and in doubt                 reconcile: it may have gone out
--   not sent, by another server's word     reconcile: a receipt may have been lost with its last
--                                          second (a power failure, a replica that took over)
--   not sent                               send; whoever had it died before the call
-- KEYS post:<post>
-- ARGV shift, lease ms with the grace for late requests, ms to remember
-- Returns the action, token, first call in doubt in ms or '', and the record as it was found.
-- Real time, never shifted: the lease is about live processes.
local post = KEYS[1]
local now = NOW - tonumber(ARGV[1])
local found = redis.call('HGETALL', post)
local status, ends, desired, sent, run, doubt, first_try =
  unpack(redis.call('HMGET', post, 'status', 'until', 'desired', 'sent', 'run', 'doubt', 'first_try'))

if not status or status == 'dead' then return {'settled', 0, '', found} end
-- One that ends much later is no lease of ours: the clock was set back.
local busy = ends and tonumber(ends) > now and tonumber(ends) < now + 300000
if busy then return {'busy', 0, first_try or '', found} end

local action
if status == 'sent' then
  if tonumber(sent) >= tonumber(desired) then return {'settled', 0, '', found} end
  action = 'edit'
else
  local this_run = string.match(redis.call('INFO', 'server'), 'run_id:(%w+)')
  action = (not doubt and run == this_run) and 'send' or 'reconcile'
  redis.call('HSET', post, 'status', 'sending')
end
local token = redis.call('HINCRBY', post, 'token', 1)
redis.call('HSET', post, 'until', digits(now + ARGV[2]))
redis.call('PEXPIRE', post, ARGV[3])
return {action, token, first_try or '', found}
