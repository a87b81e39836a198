#!lua flags=allow-oom
-- The lowest unfinished entry for a consumer that works alone: the lowest pending one, whoever
-- holds it, else a new one. So an entry that a consumer read just after it lost its lease is
-- still folded before every later one. Taking it from another counts one crash.
-- KEYS: 1 stream
-- ARGV: 2 group, 3 consumer
-- Returns {id, times delivered, {field, value, …}}, or the last id delivered when there is none.
while true do
  local pending = redis.call('XPENDING', KEYS[1], ARGV[2], '-', '+', 1)[1]
  if not pending then break end
  local times = pending[4]
  if pending[2] ~= ARGV[3] then times = times + 1 end
  local claimed = redis.call('XCLAIM', KEYS[1], ARGV[2], ARGV[3], 0, pending[1],
    'RETRYCOUNT', times)
  if claimed[1] then return {pending[1], times, claimed[1][2]} end
  redis.call('XACK', KEYS[1], ARGV[2], pending[1])
end
local read = redis.call('XREADGROUP', 'GROUP', ARGV[2], ARGV[3], 'COUNT', 1,
  'STREAMS', KEYS[1], '>')
if read then
  local entry = read[1][2][1]
  return {entry[1], 1, entry[2]}
end
for _, group in ipairs(redis.call('XINFO', 'GROUPS', KEYS[1])) do
  local about = {}
  for i = 1, #group, 2 do about[group[i]] = group[i + 1] end
  if about['name'] == ARGV[2] then return about['last-delivered-id'] end
end
