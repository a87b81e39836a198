#!lua
-- What is known of all hosts together. A host that is out of reach is noted first; feeds of others
-- may fall due at once to tell whose fault it is: when wanted, and one while more hosts are out of
-- reach than answer, for that may be only because those are asked more often. Once half the hosts
-- have been out of reach and none has answered there is nothing left to ask.
-- KEYS: 1 network hash, 2 due zset, 3 hosts hash, 4 and 5 hosts that answered in this span and the
--       one before, 6 and 7 hosts that did not, 8 prefix of the turns hashes
-- ARGV: 2 host out of reach ('' only to look), 3 feeds wanted, 4 hosts out of reach since the last
--       answer that leave no doubt, however many there are: no more are noted
-- Returns {now, last answer ms (0 for none), hosts polled, of them out of reach since, answered,
--         out of reach in the last minutes}.
local host = ARGV[2]
local answered, polled, silent, since = 0, 0, 0, {}
local found = redis.call('HGETALL', KEYS[1])
for i = 1, #found, 2 do
  if found[i] == 'answered' then answered = tonumber(found[i + 1])
  elseif found[i] == 'hosts' then polled = tonumber(found[i + 1])
  elseif string.sub(found[i], 1, 1) == '@' then
    since[string.sub(found[i], 2)] = tonumber(found[i + 1])
  end
end
answered = math.min(answered, NOW)  -- the clock may have been set back
for name, at in pairs(since) do
  if at <= answered then
    redis.call('HDEL', KEYS[1], '@' .. name)
    since[name] = nil
  else
    silent = silent + 1
  end
end

if host ~= '' and not since[host] and silent < tonumber(ARGV[4]) then
  redis.call('HSET', KEYS[1], '@' .. host, digits(NOW))
  since[host] = NOW
  silent = silent + 1
end
local reached = redis.call('PFCOUNT', KEYS[4], KEYS[5])
local unreached = redis.call('PFCOUNT', KEYS[6], KEYS[7])

-- A feed that is being polled is left alone, and so is a host that asked for quiet.
local function may_be_asked(id, name)
  if name == '' or since[name] then return false end
  local hold, lease = unpack(redis.call('HMGET', KEYS[8] .. name, 'hold', 'at:' .. id))
  return tonumber(hold or 0) <= NOW and tonumber(lease or 0) <= NOW
end

local wanted = tonumber(ARGV[3])
if host ~= '' and (unreached > reached or silent > 2) then wanted = math.max(wanted, 1) end
if wanted > 0 and silent <= polled / 2 and silent < tonumber(ARGV[4]) then
  wanted = wanted - redis.call('ZCOUNT', KEYS[2], '-inf', digits(NOW))
  local ids = redis.call(
    'ZRANGEBYSCORE', KEYS[2], '(' .. digits(NOW), '+inf', 'LIMIT', 0, 50)
  local hosts = #ids > 0 and redis.call('HMGET', KEYS[3], unpack(ids)) or {}
  for i, id in ipairs(ids) do
    if wanted <= 0 then break end
    local name = string.gsub(hosts[i] or "", "^%*", "")
    if may_be_asked(id, name) then
      redis.call('ZADD', KEYS[2], 'XX', digits(NOW), id)
      wanted = wanted - 1
    end
  end
end
return {NOW, answered, polled, silent, reached, unreached}
