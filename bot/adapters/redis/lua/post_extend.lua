#!lua flags=allow-oom
-- Renews the lease of a post.
-- KEYS post:<post>
-- ARGV shift, token, lease ms with the grace for late requests
-- Returns 1, or 0 when the token is not the newest any more or the lease was given back.
local post = KEYS[1]
local token, ends = unpack(redis.call('HMGET', post, 'token', 'until'))
if token ~= ARGV[2] or not ends then return 0 end
redis.call('HSET', post, 'until', digits(NOW - tonumber(ARGV[1]) + ARGV[3]))
return 1
