#!lua flags=allow-oom
-- Takes entries that lie idle with a consumer that is gone, or that failed on them.
-- KEYS: 1 stream
-- ARGV: 2 group, 3 consumer, 4 ms idle at least, 5 how many at most
-- Returns {id, times delivered, {field, value, …}} each. Entries deleted meanwhile leave the
-- pending list by themselves (7.0).
local found, cursor = {}, '0-0'
repeat
  local page = redis.call('XAUTOCLAIM', KEYS[1], ARGV[2], ARGV[3], ARGV[4], cursor,
    'COUNT', ARGV[5] - #found)
  cursor = page[1]
  for _, entry in ipairs(page[2]) do
    local pending = redis.call('XPENDING', KEYS[1], ARGV[2], entry[1], entry[1], 1)
    found[#found + 1] = {entry[1], pending[1][4], entry[2]}
  end
until cursor == '0-0' or #found >= tonumber(ARGV[5])
return found
