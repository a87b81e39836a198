#!lua flags=allow-oom
-- Says that work goes on. Fenced: a consumer that was away cannot take back what others claimed.
-- KEYS: 1 stream
-- ARGV: 2 group, 3 consumer, 4.. ids
-- Returns the ids that somebody else holds by now; one that is finished is nobody's.
local lost = {}
for i = 4, #ARGV do
  local pending = redis.pcall('XPENDING', KEYS[1], ARGV[2], ARGV[i], ARGV[i], 1)
  local holder = not pending.err and pending[1] and pending[1][2]
  if holder == ARGV[3] then
    redis.call('XCLAIM', KEYS[1], ARGV[2], ARGV[3], 0, ARGV[i], 'IDLE', 0, 'JUSTID')
  elseif holder then
    lost[#lost + 1] = ARGV[i]
  end
end
return lost
