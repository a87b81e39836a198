#!lua flags=allow-oom
-- Finishes an entry whole or not at all: story, channels, wanted posts, decisions, ack. The desk
-- does so with its fencing token; a job that wants a post has no token, story or channels.
-- KEYS stream, desk, stories, channels, deliveries, posts, story:<story>, shingles:<article>,
--      <post of each post>, <decisions of each article>
-- ARGV shift, group, consumer, entry, token or '', ms to remember, decisions to remember, then
--      story id or '', its revision, its last stored ms, fields, each <name, value>,
--      shingles of its changed member or '', ms to remember them,
--      channels, each <destination, state>,
--      posts, each <key, revision, brief>,
--      articles, each <decisions, each <decision>>,
--      version of the configuration from here on or '', corrections from here on or ''
-- Returns 1, or 0 when the token or the entry is not the consumer's any more.
local next_argument, next_key = 1, 8
local function take() next_argument = next_argument + 1; return ARGV[next_argument] end
local function take_key() next_key = next_key + 1; return KEYS[next_key] end

local stream, desk, stories, channels, deliveries, posts, story, shingles = unpack(KEYS)
local group, consumer, entry, token = take(), take(), take(), take()
local memory, decisions_kept = take(), take()
if token ~= '' and redis.call('HGET', desk, 'token') ~= token then return 0 end
if not owns(stream, group, consumer, entry) then return 0 end
local long_ago = digits(NOW - memory)

local story_id, story_revision, last_stored = take(), take(), take()
-- An article that comes back when its story has long closed opens another of the same id.
if story_revision == '1' then redis.call('DEL', story) end
for _ = 1, take() do redis.call('HSET', story, take(), take()) end
local packed, open = take(), take()
if packed ~= '' then redis.call('SET', shingles, packed, 'PX', open) end
if story_id ~= '' then
  redis.call('HSETNX', story, 'opened', entry)
  redis.call('PEXPIRE', story, memory)
  redis.call('ZADD', stories, last_stored, story_id)
  redis.call('ZREMRANGEBYSCORE', stories, '-inf', long_ago)
end

for _ = 1, take() do redis.call('HSET', channels, take(), take()) end

-- The desk commits each record once and in order, so what it wants last is newest, even where it
-- has forgotten how far the revisions were. A job's revision that is not higher is a repeat.
for _ = 1, take() do
  local post, key, revision, brief = take_key(), take(), take(), take()
  local desired, status = unpack(redis.call('HMGET', post, 'desired', 'status'))
  desired = tonumber(desired or 0)
  revision = tonumber(revision)
  if token ~= '' then revision = math.max(revision, desired + 1) end
  if revision > desired then
    redis.call('HSET', post, 'desired', revision, 'brief', brief)
    if not status then
      local run = string.match(redis.call('INFO', 'server'), 'run_id:(%w+)')
      redis.call('HSET', post, 'status', 'ready', 'created', digits(NOW), 'run', run)
    end
    xadd(deliveries, 'k', key)
    redis.call('ZADD', posts, digits(NOW), key)
    redis.call('PEXPIRE', post, memory)
  end
end
redis.call('ZREMRANGEBYSCORE', posts, '-inf', long_ago)

for _ = 1, take() do
  local decisions = take_key()
  for _ = 1, take() do redis.call('RPUSH', decisions, take()) end
  redis.call('LTRIM', decisions, -decisions_kept, -1)
  redis.call('PEXPIRE', decisions, memory)
end

local configuration = take()
if configuration ~= '' then redis.call('HSET', desk, 'configuration', configuration) end
local corrections = take()
if corrections ~= '' then redis.call('HSET', desk, 'corrections', corrections) end

redis.call('XACK', stream, group, entry)
return 1
