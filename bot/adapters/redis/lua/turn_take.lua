#!lua
-- Gives out the turns of a host: so far apart, so many at once, in the order of asking.
-- KEYS: 1 turns hash: next, hold (ms); wait:<name> (its turn, ms), at:<name> (end of lease, ms)
-- ARGV: 2 name, 3 ms between two turns, 4 most at once, 5 ms of patience, 6 ms of a lease,
--       7 ms the hash is remembered
-- Returns 0 to go, ms to wait, or -1 when the turn would come too late.
local turns, name, patience = KEYS[1], ARGV[2], tonumber(ARGV[5])
local next_turn, hold, mine, busy = NOW, 0, nil, 0
local found = redis.call('HGETALL', turns)
for i = 1, #found, 2 do
  local field, at = found[i], tonumber(found[i + 1])
  if at > NOW + (field == 'hold' and 25 or 2) * 3600000 then
    redis.call('HDEL', turns, field)  -- from before the clock was set back
  elseif field == 'next' then next_turn = math.max(next_turn, at)
  elseif field == 'hold' then hold = at
  elseif field == 'wait:' .. name then mine = at
  elseif string.sub(field, 1, 3) == 'at:' then
    if at > NOW then busy = busy + 1 else redis.call('HDEL', turns, field) end
  elseif at + 600000 < NOW then redis.call('HDEL', turns, field) end  -- never came back
end

local new = mine == nil
mine = math.max(mine or next_turn, hold)
if mine - NOW > patience then
  redis.call('HDEL', turns, 'wait:' .. name)
  return -1
end
if new then redis.call('HSET', turns, 'next', digits(mine + ARGV[3])) end
redis.call('PEXPIRE', turns, ARGV[7])
if mine > NOW or busy >= tonumber(ARGV[4]) then
  redis.call('HSET', turns, 'wait:' .. name, digits(mine))
  return mine > NOW and mine - NOW or 250  -- a turn of ours, but others are not done
end
redis.call('HDEL', turns, 'wait:' .. name)
redis.call('HSET', turns, 'at:' .. name, digits(NOW + ARGV[6]))
return 0
