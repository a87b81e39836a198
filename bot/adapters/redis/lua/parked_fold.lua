#!lua flags=allow-oom
-- Wants a digest in place of posts that waited too long for messages of their own.
-- KEYS post:<digest>, deliveries, posts, waiting:<where>, post:<post> of each post
-- ARGV shift, digest key, brief, ms to remember, posts, each <key, desired revision, what is told>
-- Returns 1, or 0 when one has moved on meanwhile or the digest is there: nothing is changed then.
local digest, deliveries, posts, waiting = unpack(KEYS)
local _, digest_key, brief, memory = unpack(ARGV)
if redis.call('EXISTS', digest) == 1 then return 0 end
for place = 5, #KEYS do
  local status, desired, doubt =
    unpack(redis.call('HMGET', KEYS[place], 'status', 'desired', 'doubt'))
  if status ~= 'ready' or doubt or desired ~= ARGV[3 * place - 9] then return 0 end
end
for place = 5, #KEYS do
  local key, desired, told = unpack(ARGV, 3 * place - 10, 3 * place - 8)
  redis.call('HSET', KEYS[place], 'status', 'told', 'sent', desired, 'told', told)
  redis.call('HDEL', KEYS[place], 'problem')
  redis.call('ZREM', waiting, key)
  redis.call('ZADD', posts, digits(NOW), key)
end
local run = string.match(redis.call('INFO', 'server'), 'run_id:(%w+)')
redis.call('HSET', digest, 'desired', '1', 'brief', brief, 'status', 'ready', 'created',
  digits(NOW), 'run', run)
xadd(deliveries, 'k', digest_key)
redis.call('ZADD', posts, digits(NOW), digest_key)
redis.call('PEXPIRE', digest, memory)
return 1
