#!lua flags=allow-oom
-- Leases a post, or says why not:
--   no record, dead, sent or told as desired  settled
--   a lease that is not over               busy
--   its channel or token is refused        parked, unless it is the one post that is tried there
--   sent, and less than desired            edit
--   not sent, and in doubt                 reconcile: it may have gone out
--   not sent, by another server's word     reconcile: a receipt may have been lost with its last
--                                          second (a power failure, a replica that took over)
--   not sent                               send; whoever had it died before the call
-- A revision that is dead was malformed; a later one is treated as if there had been none.
-- KEYS post:<post>, parked:<channel>, parked:<token>
-- ARGV shift, lease ms with the grace for late requests, ms to remember, post key
-- Returns the action, token (1 for the channel, 2 for the token where it is parked), first call in
-- doubt in ms or '', and the record as it was found.
-- Real time, never shifted: the lease is about live processes.
local post = KEYS[1]
local now = NOW - tonumber(ARGV[1])
-- Doubt and first try go together; before there was a word for doubt, only the try was named.
local unnamed = redis.call('HEXISTS', post, 'first_try') > redis.call('HEXISTS', post, 'doubt')
if unnamed and redis.call('HEXISTS', post, 'handle') == 0 then redis.call('HSET', post, 'doubt', '1') end
local found = redis.call('HGETALL', post)
local ends, run, doubt, first_try, handle =
  unpack(redis.call('HMGET', post, 'until', 'run', 'doubt', 'first_try', 'handle'))

if settled(post) then return {'settled', 0, '', found} end
-- One that ends much later is no lease of ours: the clock was set back.
local busy = ends and tonumber(ends) > now and tonumber(ends) < now + 300000
if busy then return {'busy', 0, first_try or '', found} end

for place = 2, 3 do
  local since, open, tried = unpack(redis.call('HMGET', KEYS[place], 'since', 'open', 'probe'))
  if since and not open and tried ~= ARGV[4] then return {'parked', place - 1, '', found} end
end

local action
if handle then
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
