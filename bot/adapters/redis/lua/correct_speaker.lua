#!lua
-- Puts a correction in force, or takes it back, and tells the desk from where in ARTICLES on.
-- KEYS: 1 corrections, 2 articles
-- ARGV: 2 id, 3 correction or '' to take it back, 4 control record, 5 ms to remember,
--       6.. ids that are too old or too many
-- Returns 1, or 0 when there was nothing to take back.
local corrections, articles = KEYS[1], KEYS[2]
local id, correction, control, memory = ARGV[2], ARGV[3], ARGV[4], ARGV[5]
if correction == '' then
  if redis.call('HDEL', corrections, id) == 0 then return 0 end
else
  redis.call('HSET', corrections, id, correction)
end
for i = 6, #ARGV do redis.call('HDEL', corrections, ARGV[i]) end
redis.call('HINCRBY', corrections, '#', 1)
redis.call('PEXPIRE', corrections, memory)
xadd(articles, 't', 's', 'd', control)
return 1
