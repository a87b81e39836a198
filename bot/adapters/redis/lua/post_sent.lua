#!lua flags=allow-oom
-- Records that a revision is out, and gives the lease back.
-- KEYS post:<post>, posts
-- ARGV shift, token, revision, handle, ms of sending, '1' when it says that it may be a repeat,
--      key, ms to remember
-- Returns 1, or 0 when the token is not the newest any more.
local post = KEYS[1]
local _, token, revision, handle, at, says_repeat, key, memory = unpack(ARGV)
if redis.call('HGET', post, 'token') ~= token then return 0 end
local sent = math.max(tonumber(revision), tonumber(redis.call('HGET', post, 'sent') or 0))
redis.call('HSET', post, 'status', 'sent', 'sent', sent, 'handle', handle, 'sent_at', at)
redis.call('HDEL', post, 'until', 'problem', 'doubt')
if says_repeat == '1' then redis.call('HSET', post, 'repeat', '1') end
redis.call('PEXPIRE', post, memory)
redis.call('ZADD', KEYS[2], digits(NOW), key)
return 1
