#!lua
-- Makes exactly these feeds the polled ones; what is known of a feed stays.
-- KEYS: 1 due zset, 2 hosts hash, 3 network hash
-- ARGV: 2.. feed id, ms first due ('' for now), host ('*' before a bridge's), …
local wanted, hosts, many = {}, {}, 0
redis.call('DEL', KEYS[2])
for i = 2, #ARGV, 3 do
  wanted[ARGV[i]] = true
  local due = ARGV[i + 1]
  if due == '' then due = digits(NOW) end
  redis.call('ZADD', KEYS[1], 'NX', due, ARGV[i])
  redis.call('HSET', KEYS[2], ARGV[i], ARGV[i + 2])
  local host = string.gsub(ARGV[i + 2], '^%*', '')
  if host ~= '' and not hosts[host] then hosts[host], many = true, many + 1 end
end
for _, feed in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do
  if not wanted[feed] then redis.call('ZREM', KEYS[1], feed) end
end
redis.call('HSET', KEYS[3], 'hosts', digits(many))
