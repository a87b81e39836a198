#!lua
-- Has feeds polled earlier than they were due; one that is being polled is left alone.
-- KEYS: 1 due zset, 2 hosts hash, 3 prefix of the turns hashes
-- ARGV: 2.. feed id, ms due, …
-- Returns how many.
local many = 0
for i = 2, #ARGV, 2 do
  local id, due = ARGV[i], tonumber(ARGV[i + 1])
  local host = string.gsub(redis.call('HGET', KEYS[2], id) or '', '^%*', '')
  local lease = tonumber(redis.call('HGET', KEYS[3] .. host, 'at:' .. id) or 0)
  local known = tonumber(redis.call('ZSCORE', KEYS[1], id) or 0)
  if lease <= NOW and known > due then
    redis.call('ZADD', KEYS[1], 'XX', digits(math.max(due, NOW)), id)
    many = many + 1
  end
end
return many
