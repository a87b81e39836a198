#!lua flags=allow-oom
-- Takes an entry out of the group's hands: to be tried again later, or to the dead letters.
-- KEYS: 1 stream, 2 retry zset, 3 dead letters
-- ARGV: 2 group, 3 consumer, 4 id, 5 ms until the next try ('' drops it), 6 most tries,
--       7 error, 8 dead letters kept
-- Returns 'lost', 'later' or 'dead'.
local stream, group, id = KEYS[1], ARGV[2], ARGV[4]
if not owns(stream, group, ARGV[3], id) then return 'lost' end
local entry = redis.call('XRANGE', stream, id, id)[1]
redis.call('XACK', stream, group, id)
if not entry then return 'dead' end

local fields, tries = {}, 0
for i = 1, #entry[2], 2 do
  if entry[2][i] == '_tries' then
    tries = tonumber(entry[2][i + 1])
  else
    fields[#fields + 1] = entry[2][i]
    fields[#fields + 1] = entry[2][i + 1]
  end
end

if ARGV[5] ~= '' and tries < tonumber(ARGV[6]) then
  fields[#fields + 1] = '_tries'
  fields[#fields + 1] = digits(tries + 1)
  -- The id makes two entries with the same fields two members.
  local packed = cmsgpack.pack({id, fields, tonumber(ARGV[5])})
  redis.call('ZADD', KEYS[2], digits(NOW + ARGV[5]), packed)
  return 'later'
end
for _, text in ipairs({'_id', id, '_error', ARGV[7]}) do fields[#fields + 1] = text end
xadd(KEYS[3], unpack(fields))
redis.call('XTRIM', KEYS[3], 'MAXLEN', '~', ARGV[8])
return 'dead'
