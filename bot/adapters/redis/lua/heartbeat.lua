#!lua flags=allow-oom
-- Says that work goes on. Fenced: a consumer that was away cannot take back what others claimed.
-- KEYS: 1 stream
-- ARGV: 2 group, 3 consumer, 4.. ids
-- Returns the ids that are not this consumer's any more.
local lost = {}
for i = 4, #ARGV do
  if owns(KEYS[1], ARGV[2], ARGV[3], ARGV[i]) then
    redis.call('XCLAIM', KEYS[1], ARGV[2], ARGV[3], 0, ARGV[i], 'IDLE', 0, 'JUSTID')
  else
    lost[#lost + 1] = ARGV[i]
  end
end
return lost
