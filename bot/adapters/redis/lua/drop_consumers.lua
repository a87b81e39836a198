#!lua flags=allow-oom
-- Forgets consumers that hold nothing; one that holds entries stays until they were claimed.
-- KEYS: 1 stream
-- ARGV: 2 group, 3 ms idle at least, 4 the only consumer meant ('' for all)
-- Returns how many.
local dropped = 0
for _, consumer in ipairs(redis.call('XINFO', 'CONSUMERS', KEYS[1], ARGV[2])) do
  local about = {}
  for i = 1, #consumer, 2 do about[consumer[i]] = consumer[i + 1] end
  if about['pending'] == 0 and about['idle'] >= tonumber(ARGV[3])
      and (ARGV[4] == '' or about['name'] == ARGV[4]) then
    redis.call('XGROUP', 'DELCONSUMER', KEYS[1], ARGV[2], about['name'])
    dropped = dropped + 1
  end
end
return dropped
