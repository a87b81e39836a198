#!lua
-- Leases due feeds: a leased feed is due again when its lease ends, so a dead poll is repeated.
-- A feed whose host is asked enough, or asked for quiet, waits outside: it takes no slot.
-- A clock that was set back takes all due times with it; after a pause of everybody, or a clock
-- set ahead, what is overdue comes spread over a while, no storm.
-- KEYS: 1 due zset, 2 prefix of the feed hashes, 3 hosts hash, 4 prefix of the turns hashes,
--       5 network hash
-- ARGV: 2 how many at most, 3 ms of the lease, 4 ms a feed is remembered, 5 most at once of a
--       host, 6 ms over which a host's feeds come back after it was quiet, 7 ms turns are remembered
-- Returns {feed id, token, state ('' at first), number held ('' for none), host} each.
local due, limit, lease = KEYS[1], tonumber(ARGV[2]), ARGV[3]
local most, resume = tonumber(ARGV[5]), tonumber(ARGV[6])

-- From 0 to 1, another at every claim, so that feeds do not come back together.
local function chance(id)
  return tonumber(string.sub(redis.sha1hex(id .. digits(NOW)), 1, 7), 16) / 0x10000000
end

local MINUTE, HOUR, AT_ONCE, EACH = 60000, 3600000, 100, 100
local before = tonumber(redis.call('HGET', KEYS[5], 'claimed') or NOW)
redis.call('HSET', KEYS[5], 'claimed', digits(NOW))
if before > NOW + MINUTE then
  local all = redis.call('ZRANGE', due, 0, -1, 'WITHSCORES')
  for i = 1, #all, 2 do
    redis.call('ZADD', due, 'XX', digits(all[i + 1] - (before - NOW)), all[i])
  end
elseif before < NOW - 5 * MINUTE then
  local overdue = redis.call('ZRANGEBYSCORE', due, '-inf', digits(NOW))
  if #overdue > AT_ONCE then
    local over = math.min(resume, #overdue * EACH)
    for _, id in ipairs(overdue) do
      redis.call('ZADD', due, 'XX', digits(NOW + chance(id) * over), id)
    end
  end
end

local gates = {}
local function gate_of(host)
  if not gates[host] then
    local gate = {hold = 0, busy = 0}
    local found = redis.call('HGETALL', KEYS[4] .. host)
    for i = 1, #found, 2 do
      local at = tonumber(found[i + 1])
      -- What lies further ahead is from before the clock was set back.
      if found[i] == 'hold' then
        gate.hold = at < NOW + 25 * HOUR and at or 0
      elseif string.sub(found[i], 1, 3) == 'at:' and at > NOW and at < NOW + HOUR + lease then
        gate.busy = gate.busy + 1
      end
    end
    gates[host] = gate
  end
  return gates[host]
end

local claims, looked = {}, 0
while #claims < limit and looked < 1000 do
  local ids = redis.call(
    'ZRANGEBYSCORE', due, '-inf', digits(NOW), 'LIMIT', 0, math.min(limit - #claims + 20, 200))
  if #ids == 0 then break end
  local hosts = redis.call('HMGET', KEYS[3], unpack(ids))
  for i, id in ipairs(ids) do
    if #claims == limit then break end
    looked = looked + 1
    local host = hosts[i] or ''
    local alone = string.sub(host, 1, 1) == '*'  -- a bridge's: its host's quiet is not its own
    if alone then host = string.sub(host, 2) end
    local wait = 0
    if host ~= '' then
      local gate = gate_of(host)
      if gate.hold > NOW and not alone then
        wait = gate.hold - NOW
        wait = wait + chance(id) * math.min(resume, math.max(60000, wait))
      elseif gate.busy >= most then
        wait = 2000 + 3000 * chance(id)
      else
        gate.busy = gate.busy + 1
        redis.call('HSET', KEYS[4] .. host, 'at:' .. id, digits(NOW + lease))
        redis.call('PEXPIRE', KEYS[4] .. host, ARGV[7])
      end
    end
    if wait > 0 then
      redis.call('ZADD', due, 'XX', digits(NOW + wait), id)
    else
      local feed = KEYS[2] .. id
      redis.call('ZADD', due, 'XX', digits(NOW + lease), id)
      local token = redis.call('HINCRBY', feed, 'token', 1)
      if token == 1 then redis.call('PEXPIRE', feed, ARGV[4]) end  -- settling renews it
      local state, held = unpack(redis.call('HMGET', feed, 'state', 'held'))
      claims[#claims + 1] = {id, token, state or '', held or '', host}
    end
  end
end
return claims
