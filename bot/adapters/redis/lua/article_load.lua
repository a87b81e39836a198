#!lua
-- Writes an article to KEPT only, once per text. The record carries its revision, so the caller
-- says which revision it took for the newest, and is sent back when that has changed.
-- KEYS kept, kept:ids, where:<article>
-- ARGV shift, record, revision, article|revision, fingerprint, newest revision or '',
--      first sequence number of loaded records, ms of KEPT
-- Returns 1 when loaded, 0 when this text is there already, -1 to come again.
local kept, ids, where = unpack(KEYS)
local _, record, revision, id, text, newest, first, long = unpack(ARGV)
if redis.call('HEXISTS', where, 'text:' .. text) == 1 then return 0 end
if (redis.call('HGET', where, 'newest:revision') or '') ~= newest then return -1 end

-- A position names one record of both streams: no sequence number in ARTICLES reaches ``first``.
local ms, sequence = NOW, tonumber(first)
local last = redis.call('XREVRANGE', kept, '+', '-', 'COUNT', 1)[1]
if last then
  local last_ms, last_sequence = string.match(last[1], '^(%d+)-(%d+)$')
  if tonumber(last_ms) >= ms then
    ms = tonumber(last_ms)
    sequence = math.max(sequence, tonumber(last_sequence) + 1)
  end
end
local position = digits(ms) .. '-' .. digits(sequence)
redis.call('XADD', kept, position, 't', 'a', 'd', record)
redis.call('ZADD', ids, 'NX', digits(ms), id)
redis.call('HSET', where, 'newest', position, 'newest:revision', revision)
redis.call('HSET', where, 'kept', position, 'kept:revision', revision, 'text:' .. text, revision)
redis.call('PEXPIRE', where, long)
return 1
