#!lua flags=allow-oom
-- Takes entries that lie idle with a consumer that is gone: each counts one crash. Where that is
-- the asker itself, it was only held up. An entry that was in hand at many crashes is a suspect:
-- it is taken alone, after waits that double, the one with the fewest crashes first.
-- KEYS: 1 stream
-- ARGV: 2 group, 3 consumer, 4 ms idle at least, 5 how many at most ('' for one suspect),
--       6 crashes of a suspect
-- Returns 1 where a suspect is due, else 0; then {id, times delivered, {field, value, …}} each.
local idle, suspected = tonumber(ARGV[4]), tonumber(ARGV[6])
local result, most, suspect = {0}, tonumber(ARGV[5] ~= '' and ARGV[5] or 0), nil

local function take(id, times, holder)
  times = holder == ARGV[3] and math.max(times, 1) or times + 1
  local claimed = redis.call('XCLAIM', KEYS[1], ARGV[2], ARGV[3], 0, id, 'RETRYCOUNT', times)
  -- One that was deleted meanwhile leaves the pending list by this (7.0).
  if claimed[1] then result[#result + 1] = {id, times, claimed[1][2]} end
end

local from = '-'
repeat
  local page = redis.call('XPENDING', KEYS[1], ARGV[2], 'IDLE', idle, from, '+', 100)
  for _, row in ipairs(page) do
    local id, holder, waited, times = unpack(row)
    if times >= suspected then
      local due = waited >= idle * 2 ^ (times - suspected)
      if due and (not suspect or times < suspect[2]) then suspect = {id, times, holder} end
    elseif #result <= most then
      take(id, times, holder)
    end
    from = '(' .. id
  end
until #page < 100

if suspect then
  result[1] = 1
  if ARGV[5] == '' then take(unpack(suspect)) end
end
return result
