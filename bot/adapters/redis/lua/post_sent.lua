#!lua flags=allow-oom
-- Records that a revision is out, and gives the lease back. What was parked there works again: a
-- first post shows that, or the one that was tried.
-- KEYS post:<post>, posts, parked:<channel>, parked:<token>
-- ARGV shift, token, revision, handle, ms of sending, '1' when it says that it may be a repeat,
--      problem or '', key, ms to remember
-- Returns 1, or 0 when the token is not the newest any more.
local post = KEYS[1]
local _, token, revision, handle, at, says_repeat, problem, key, memory = unpack(ARGV)
if redis.call('HGET', post, 'token') ~= token then return 0 end
local first = redis.call('HEXISTS', post, 'handle') == 0
local sent = math.max(tonumber(revision), tonumber(redis.call('HGET', post, 'sent') or 0))
redis.call('HSET', post, 'status', 'sent', 'sent', sent, 'handle', handle, 'sent_at', at)
redis.call('HDEL', post, 'until', 'problem', 'doubt', 'first_try', 'told')
if problem ~= '' then redis.call('HSET', post, 'problem', problem) end
if says_repeat == '1' then redis.call('HSET', post, 'repeat', '1') end
redis.call('PEXPIRE', post, memory)
redis.call('ZADD', KEYS[2], digits(NOW), key)
for place = 3, 4 do
  local since, tried = unpack(redis.call('HMGET', KEYS[place], 'since', 'probe'))
  if since and (first or tried == key) then redis.call('HSET', KEYS[place], 'open', '1') end
end
return 1
