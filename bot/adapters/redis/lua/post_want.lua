#!lua flags=allow-oom
-- Wants a revision of a post outside any hop.
-- KEYS: 1 post, 2 deliveries, 3 posts
-- ARGV: 2 post key, 3 revision, 4 brief, 5 ms to remember
-- Returns 1, or 0 when this revision or a later one is wanted already.
local post, deliveries, posts = KEYS[1], KEYS[2], KEYS[3]
local key, revision, brief, memory = ARGV[2], tonumber(ARGV[3]), ARGV[4], ARGV[5]
local desired, status = unpack(redis.call('HMGET', post, 'desired', 'status'))
if revision <= tonumber(desired or 0) then return 0 end
redis.call('HSET', post, 'desired', revision, 'brief', brief)
if not status then
  local run = string.match(redis.call('INFO', 'server'), 'run_id:(%w+)')
  redis.call('HSET', post, 'status', 'ready', 'created', digits(NOW), 'run', run)
end
xadd(deliveries, 'k', key)
redis.call('ZADD', posts, digits(NOW), key)
redis.call('PEXPIRE', post, memory)
return 1
