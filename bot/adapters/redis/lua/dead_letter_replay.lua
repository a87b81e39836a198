#!lua
-- Puts a dead letter back on its stream, as if for the first time; once.
-- KEYS: 1 dead letters, 2 stream, 3 where:<article> (absent: no record of an article)
-- ARGV: 2 id
-- Returns its new id; nil when it is there no more.
local letter = redis.call('XRANGE', KEYS[1], ARGV[2], ARGV[2])[1]
if not letter then return false end
local fields, was = {}, nil
for i = 1, #letter[2], 2 do
  local name, value = letter[2][i], letter[2][i + 1]
  if name == '_id' then was = value end
  if string.sub(name, 1, 1) ~= '_' then
    fields[#fields + 1] = name
    fields[#fields + 1] = value
  end
end
local id = xadd(KEYS[2], unpack(fields))
-- A record is found where it stands longest.
if KEYS[3] and redis.call('HGET', KEYS[3], 'newest') == was then
  redis.call('HSET', KEYS[3], 'newest', id)
end
redis.call('XDEL', KEYS[1], ARGV[2])
return id
