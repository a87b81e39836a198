#!lua flags=allow-oom
-- Drops old entries, never one that a group has yet to read or to finish.
-- KEYS: 1 stream
-- ARGV: 2 ms an entry is kept at least, 3 length to trim to ('' for none)
-- Returns how many are gone.
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end

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

local low = digits(math.max(0, NOW - ARGV[2])) .. '-0'
local unread, pending = 0, 0
for _, group in ipairs(redis.call('XINFO', 'GROUPS', KEYS[1])) do
  local about = {}
  for i = 1, #group, 2 do about[group[i]] = group[i + 1] end
  low = lower(low, about['last-delivered-id'])
  if about['pending'] > 0 then
    low = lower(low, redis.call('XPENDING', KEYS[1], about['name'])[2])
    pending = pending + about['pending']
  end
  -- Unknown (false) counts as everything.
  unread = math.max(unread, about['lag'] or redis.call('XLEN', KEYS[1]))
end
local gone = redis.call('XTRIM', KEYS[1], 'MINID', low)
-- By length only while nothing is pending: how many stand behind a pending entry is unknown.
if ARGV[3] ~= '' and pending == 0 then
  gone = gone + redis.call('XTRIM', KEYS[1], 'MAXLEN', math.max(tonumber(ARGV[3]), unread))
end
return gone
