#!lua
-- Leases pages to be looked at again: the next claim has to wait until the lease ends.
-- KEYS: 1 due zset, 2 prefix of the looks hashes
-- ARGV: 2 how many at most, 3 ms of the lease
-- Returns {article id, token, looks before, encoded Entry} each.
local claims = {}
local ids = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', digits(NOW), 'LIMIT', 0, ARGV[2])
for _, id in ipairs(ids) do
  local look = KEYS[2] .. id
  local entry, looks = unpack(redis.call('HMGET', look, 'd', 'looks'))
  if entry then
    redis.call('ZADD', KEYS[1], digits(NOW + ARGV[3]), id)
    local token = redis.call('HINCRBY', look, 'token', 1)
    redis.call('HSET', look, 'leased', '1')
    claims[#claims + 1] = {id, token, tonumber(looks or 0), entry}
  else
    redis.call('ZREM', KEYS[1], id)  -- forgotten meanwhile
  end
end
return claims
