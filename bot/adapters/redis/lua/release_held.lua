#!lua
-- Ends the parking of a feed's flood: its entries go on, or nowhere.
-- KEYS: 1 feed hash, 2 held list, 3 revisions hash, 4 entries
-- ARGV: 2 '1' to pass them on, 3 ms a feed is remembered
-- Returns how many there were.
local held = redis.call('LRANGE', KEYS[2], 0, -1)
if ARGV[2] == '1' then
  for i = 1, #held, 2 do
    local revision = redis.call('HINCRBY', KEYS[3], held[i], 1)
    xadd(KEYS[4], 'rev', digits(revision), 'd', held[i + 1])
  end
  redis.call('PEXPIRE', KEYS[3], ARGV[3])
end
redis.call('DEL', KEYS[2])
redis.call('HDEL', KEYS[1], 'held')
return #held / 2
