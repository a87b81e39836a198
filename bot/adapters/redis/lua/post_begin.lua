#!lua flags=allow-oom
-- Renews the lease of a post right before the call that shows it, and notes the doubt: from now
-- on it may be out, until a receipt, a refusal or a look-up says otherwise.
-- KEYS post:<post>
-- ARGV shift, token, lease ms with the grace for late requests
-- Returns 1, or 0 when the token is not the newest any more or the lease was given back.
local post = KEYS[1]
local now = NOW - tonumber(ARGV[1])
local token, ends, doubt = unpack(redis.call('HMGET', post, 'token', 'until', 'doubt'))
if token ~= ARGV[2] or not ends then return 0 end
-- The platform lives by real time, a page or a recorder by the shifted clock: a look-up has to
-- begin at the earlier of the two.
if not doubt then redis.call('HSET', post, 'doubt', '1', 'first_try', digits(math.min(now, NOW))) end
local run = string.match(redis.call('INFO', 'server'), 'run_id:(%w+)')
redis.call('HSET', post, 'until', digits(now + ARGV[3]), 'run', run)
return 1
