#!lua
-- Leases due feeds: a leased feed is due again when its lease ends, so a dead poll is repeated.
-- KEYS: 1 due zset, 2 prefix of the feed hashes
-- ARGV: 2 how many at most, 3 ms of the lease, 4 ms a feed is remembered
-- Returns {feed id, token, state ('' at first)} each.
local claims = {}
local due = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', digits(NOW), 'LIMIT', 0, ARGV[2])
for _, id in ipairs(due) do
  local feed = KEYS[2] .. id
  redis.call('ZADD', KEYS[1], 'XX', digits(NOW + ARGV[3]), id)
  local token = redis.call('HINCRBY', feed, 'token', 1)
  redis.call('PEXPIRE', feed, ARGV[4])
  claims[#claims + 1] = {id, token, redis.call('HGET', feed, 'state') or ''}
end
return claims
