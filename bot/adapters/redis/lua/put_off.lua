#!lua flags=allow-oom
-- Takes an entry out of the group's hands: to be tried again later, or to the dead letters.
-- KEYS: 1 stream, 2 retry zset, 3 dead letters
-- ARGV: 2 group, 3 consumer, 4 id, 5 ms until the next try ('' drops it), 6 field that counts
--       this ('' for none), 7 how often at most ('' for ever), 8 error, 9 dead letters kept, 10 their
--       bytes
-- Returns 'lost', 'later' or 'dead'.
local stream, group, id, count, most = KEYS[1], ARGV[2], ARGV[4], ARGV[6], ARGV[7]
if not owns(stream, group, ARGV[3], id) then return 'lost' end
local entry = redis.call('XRANGE', stream, id, id)[1]
redis.call('XACK', stream, group, id)
if not entry then return 'dead' end

local fields, times = {}, 1
for i = 1, #entry[2], 2 do
  if entry[2][i] == count then
    times = entry[2][i + 1] + 1
  else
    fields[#fields + 1] = entry[2][i]
    fields[#fields + 1] = entry[2][i + 1]
  end
end
if count ~= '' then
  fields[#fields + 1] = count
  fields[#fields + 1] = digits(times)
end

if ARGV[5] ~= '' and (most == '' or times < tonumber(most)) then
  -- The id makes two entries with the same fields two members.
  local packed = cmsgpack.pack({id, fields, tonumber(ARGV[5])})
  redis.call('ZADD', KEYS[2], digits(NOW + ARGV[5]), packed)
  return 'later'
end
for _, text in ipairs({'_id', id, '_error', ARGV[8]}) do fields[#fields + 1] = text end
xadd(KEYS[3], unpack(fields))
redis.call('XTRIM', KEYS[3], 'MAXLEN', '~', ARGV[9])
local weight = redis.pcall('MEMORY', 'USAGE', KEYS[3], 'SAMPLES', 0)  -- not everybody may ask that
if type(weight) == 'number' and weight > tonumber(ARGV[10]) then
  local fit = math.floor(redis.call('XLEN', KEYS[3]) * ARGV[10] / weight)
  redis.call('XTRIM', KEYS[3], 'MAXLEN', math.max(fit, 1))
end
return 'dead'
