#!lua flags=allow-oom
-- Drops old entries, never one that a group has yet to read or to finish.
-- KEYS: 1 stream
-- ARGV: 2 ms an entry is kept at least, 3 length to trim to ('' for none), 4 the group without
--       which nothing has been read yet ('' for none)
-- Returns how many are gone.
local stream, length, reader = KEYS[1], ARGV[3], ARGV[4]
if redis.call('EXISTS', stream) == 0 then return 0 end

local function parts(id)
  local ms, n = string.match(id, '^(%d+)%-(%d+)$')
  return tonumber(ms), tonumber(n)
end
local function lower(a, b)
  local a_ms, a_n = parts(a)
  local b_ms, b_n = parts(b)
  if a_ms < b_ms or (a_ms == b_ms and a_n < b_n) then return a end
  return b
end

-- Every entry before this one was finished by every group.
local unfinished = '18446744073709551615-0'
local there = reader == ''
for _, group in ipairs(redis.call('XINFO', 'GROUPS', stream)) do
  local about = {}
  for i = 1, #group, 2 do about[group[i]] = group[i + 1] end
  there = there or about['name'] == reader
  local ms, n = parts(about['last-delivered-id'])
  unfinished = lower(unfinished, digits(ms) .. '-' .. digits(n + 1))
  if about['pending'] > 0 then
    unfinished = lower(unfinished, redis.call('XPENDING', stream, about['name'])[2])
  end
end
if not there then return 0 end

local old = digits(math.max(0, NOW - ARGV[2])) .. '-0'
local gone = redis.call('XTRIM', stream, 'MINID', lower(old, unfinished))
if length == '' then return gone end
local many = redis.call('XLEN', stream) - length
if many <= 0 then return gone end
-- Whole nodes while there are many, then the rest one by one.
local dropped = redis.call('XTRIM', stream, 'MINID', '~', unfinished, 'LIMIT', digits(many))
many = math.min(many - dropped, 200)
local next_ones = redis.call('XRANGE', stream, '-', '+', 'COUNT', digits(many + 1))
local bound = next_ones[many + 1] and lower(next_ones[many + 1][1], unfinished) or unfinished
return gone + dropped + redis.call('XTRIM', stream, 'MINID', bound)
