#!lua flags=allow-oom
-- How the deployment is: signs of life, the desk, and how long entries have waited.
-- KEYS beats, desk, then one stream for each group
-- ARGV shift, groups in the order of their streams
-- Returns {role, ms ago, …}, ms since the desk was free ('' if nobody ever had it), and for each
-- group the ms its oldest unfinished entry has waited, -1 for none.
local now = NOW - tonumber(ARGV[1])

local alive = redis.call('HGETALL', KEYS[1])
for i = 2, #alive, 2 do alive[i] = digits(math.max(0, now - alive[i])) end

local ends, freed = unpack(redis.call('HMGET', KEYS[2], 'until', 'freed'))
local since = ends or freed
local desk = since and digits(math.max(0, now - since)) or ''

local waited = {}
for i = 3, #KEYS do
  local stream, group, oldest = KEYS[i], ARGV[i - 1], nil
  local groups = redis.call('EXISTS', stream) == 1 and redis.call('XINFO', 'GROUPS', stream) or {}
  for _, each in ipairs(groups) do
    local about = {}
    for j = 1, #each, 2 do about[each[j]] = each[j + 1] end
    if about['name'] == group then
      local pending = redis.call('XPENDING', stream, group)[2]
      local unread = redis.call('XRANGE', stream, '(' .. about['last-delivered-id'], '+', 'COUNT', 1)
      oldest = pending or (unread[1] and unread[1][1])
    end
  end
  local ms = oldest and math.max(0, NOW - tonumber(string.match(oldest, '^(%d+)')))
  waited[#waited + 1] = ms and digits(ms) or '-1'
end
return {alive, desk, waited}
