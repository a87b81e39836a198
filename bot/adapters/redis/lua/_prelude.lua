-- Stands before every script. ARGV[1] is always the clock's shift in ms.
local NOW = (function()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000) + tonumber(ARGV[1])
end)()

-- Milliseconds as digits: Lua's own conversion falls into 1e+15 notation.
local function digits(number)
  return string.format('%.0f', number)
end

-- XADD at NOW; behind an id from the future the entry gets that id's ms, so it never fails.
local function xadd(stream, ...)
  local id = redis.pcall('XADD', stream, digits(NOW) .. '-*', ...)
  if type(id) == 'string' then return id end
  if not string.find(id.err, 'equal or smaller', 1, true) then error(id.err) end
  local info = redis.call('XINFO', 'STREAM', stream)
  for i = 1, #info, 2 do
    if info[i] == 'last-generated-id' then
      return redis.call('XADD', stream, string.match(info[i + 1], '^%d+') .. '-*', ...)
    end
  end
end

-- Whether nothing is left to do for a post: no record, this revision malformed, sent or told.
local function settled(post)
  local status, desired, sent, dead =
    unpack(redis.call('HMGET', post, 'status', 'desired', 'sent', 'dead'))
  if not status then return true end
  local done = status == 'dead' and dead or (status == 'sent' or status == 'told') and sent
  return done and tonumber(done) >= tonumber(desired)
end

-- Whether this consumer still holds the entry: pending, and pending with it.
local function owns(stream, group, consumer, id)
  local pending = redis.pcall('XPENDING', stream, group, id, id, 1)
  return not pending.err and pending[1] ~= nil and pending[1][2] == consumer
end
