#pragma once

#include <string_view>

// What the frontier does in Redis. KEYS[1] is the common beginning of its keys; the rest follows from it, so that in a
// cluster all lie in one slot:
//   :lanes    set of names               :s:LANE  stream of jobs {k key, t text, n attempts}, group "w"
//   :l:LANE   hash: until, bucket,       :z:LANE  sorted set of packed jobs by the time that they wait for
//             claim, cursor, done        :dead    stream of dead jobs {lane, k, t, n, deliveries}
//   :k:KEY    the key is known
// Times are milliseconds of the server's clock.
namespace braid::scrape::redis_scripts {

/// ARGV: milliseconds to remember a key, then lane, key, text, delay of each job. How many were new.
inline constexpr std::string_view add = R"lua(
local p, new = KEYS[1], 0
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
for i = 2, #ARGV, 4 do
  local lane, key = ARGV[i], ARGV[i + 1]
  if redis.call('SET', p .. ':k:' .. key, 1, 'NX', 'PX', ARGV[1]) then
    local s = p .. ':s:' .. lane
    if redis.call('SADD', p .. ':lanes', lane) == 1 then redis.call('XGROUP', 'CREATE', s, 'w', '0', 'MKSTREAM') end
    local delay = tonumber(ARGV[i + 3])
    if delay > 0 then
      redis.call('ZADD', p .. ':z:' .. lane, now + delay, cmsgpack.pack({key, ARGV[i + 2], '0'}))
    else
      redis.call('XADD', s, '*', 'k', key, 't', ARGV[i + 2], 'n', 0)
    end
    new = new + 1
  end
end
return new
)lua";

/// ARGV: consumer, jobs at most, lease, deliveries at most, milliseconds of burst, then lane, rate of each. A flat
/// list: milliseconds to wait (-1: unknown), then lane, id, text, attempts of each job.
inline constexpr std::string_view take = R"lua(
local p, me, lease, most = KEYS[1], ARGV[1], tonumber(ARGV[3]), tonumber(ARGV[4])
local free = tonumber(ARGV[2])
local t = redis.call('TIME')
local now = t[1] * 1000 + t[2] / 1000
local rates, out, wait = {}, {-1}, -1
for i = 6, #ARGV, 2 do rates[ARGV[i]] = tonumber(ARGV[i + 1]) end
local function at_least(ms) if wait < 0 or ms < wait then wait = ms end end
local lanes = {}
for _, lane in ipairs(redis.call('SMEMBERS', p .. ':lanes')) do
  if rates[lane] then lanes[#lanes + 1] = lane end
end

-- What a worker that is gone has left. The cursor goes round once in a quarter of a lease.
local function claim(lane, s, h, state, grant)
  local got = 0
  if now < (tonumber(state[3]) or 0) then return 0 end
  local found = redis.call('XAUTOCLAIM', s, 'w', me, lease, state[4] or '0-0', 'COUNT', grant)
  redis.call('HSET', h, 'cursor', found[1])
  if found[1] == '0-0' then
    redis.call('HSET', h, 'claim', now + lease / 4)
    for _, c in ipairs(redis.call('XINFO', 'CONSUMERS', s, 'w')) do
      if c[2] ~= me and c[4] == 0 and c[6] > 10 * lease then redis.call('XGROUP', 'DELCONSUMER', s, 'w', c[2]) end
    end
  end
  for _, e in ipairs(found[2]) do
    local times = redis.call('XPENDING', s, 'w', e[1], e[1], 1)
    if times[1] and times[1][4] > most then
      redis.call('XADD', p .. ':dead', '*', 'lane', lane, 'k', e[2][2], 't', e[2][4], 'n', e[2][6],
                 'deliveries', times[1][4] - 1)
      redis.call('XACK', s, 'w', e[1])
      redis.call('XDEL', s, e[1])
    else
      out[#out + 1] = lane; out[#out + 1] = e[1]; out[#out + 1] = e[2][4]; out[#out + 1] = e[2][6]
      got = got + 1
    end
  end
  return got
end

local function from(lane, quota)
  local s, h, z = p .. ':s:' .. lane, p .. ':l:' .. lane, p .. ':z:' .. lane
  for _, m in ipairs(redis.call('ZRANGEBYSCORE', z, '-inf', now, 'LIMIT', 0, 128)) do
    local e = cmsgpack.unpack(m)
    redis.call('XADD', s, '*', 'k', e[1], 't', e[2], 'n', e[3])
    redis.call('ZREM', z, m)
  end
  local next = redis.call('ZRANGE', z, 0, 0, 'WITHSCORES')
  if next[2] then at_least(next[2] - now) end
  local state = redis.call('HMGET', h, 'until', 'bucket', 'claim', 'cursor')
  local held = tonumber(state[1]) or 0
  if held > now then at_least(held - now) return 0 end
  local rate, grant, step, at = rates[lane], quota, 0, 0
  if rate > 0 then
    -- The moment at which the bucket would have been empty: all there is to know of it.
    step = 1000 / rate
    at = math.max(tonumber(state[2]) or 0, now - math.max(step, tonumber(ARGV[5])))
    local tokens = math.floor((now - at) / step + 0.000001)
    if tokens < 1 then at_least(at + step - now) return 0 end
    grant = math.min(grant, tokens)
  end
  local got = claim(lane, s, h, state, grant)
  if got < grant then
    local read = redis.call('XREADGROUP', 'GROUP', 'w', me, 'COUNT', grant - got, 'STREAMS', s, '>')
    if read then
      for _, e in ipairs(read[1][2]) do
        out[#out + 1] = lane; out[#out + 1] = e[1]; out[#out + 1] = e[2][4]; out[#out + 1] = e[2][6]
        got = got + 1
      end
    end
  end
  if rate > 0 and got > 0 then redis.call('HSET', h, 'bucket', string.format('%.3f', at + got * step)) end
  if got == grant then at_least(rate > 0 and math.max(0, at + (got + 1) * step - now) or 0) end
  return got
end

-- Each lane its share, beginning with another one each time.
for i = 1, #lanes do
  if free <= 0 then break end
  local lane = lanes[(i + tonumber(t[2])) % #lanes + 1]
  free = free - from(lane, math.ceil(free / (#lanes - i + 1)))
end
out[1] = math.ceil(wait)
return out
)lua";

/// ARGV: lane, id of each. How many were still to be finished.
inline constexpr std::string_view finish = R"lua(
local p, count = KEYS[1], 0
for i = 1, #ARGV, 2 do
  local s = p .. ':s:' .. ARGV[i]
  if redis.call('XACK', s, 'w', ARGV[i + 1]) == 1 then
    redis.call('XDEL', s, ARGV[i + 1])
    redis.call('HINCRBY', p .. ':l:' .. ARGV[i], 'done', 1)
    count = count + 1
  end
end
return count
)lua";

/// ARGV: consumer, lane, id, delay, attempts. 1 if it was this consumer's.
inline constexpr std::string_view give_back = R"lua(
local p, id = KEYS[1], ARGV[3]
local s = p .. ':s:' .. ARGV[2]
local mine = redis.call('XPENDING', s, 'w', id, id, 1)
if not mine[1] or mine[1][2] ~= ARGV[1] then return 0 end
local e = redis.call('XRANGE', s, id, id)
if e[1] then
  local f, delay = e[1][2], tonumber(ARGV[4])
  if delay > 0 then
    local t = redis.call('TIME')
    local now = t[1] * 1000 + math.floor(t[2] / 1000)
    redis.call('ZADD', p .. ':z:' .. ARGV[2], now + delay, cmsgpack.pack({f[2], f[4], ARGV[5]}))
  else
    redis.call('XADD', s, '*', 'k', f[2], 't', f[4], 'n', ARGV[5])
  end
end
redis.call('XACK', s, 'w', id)
redis.call('XDEL', s, id)
return 1
)lua";

/// ARGV: consumer, then lane, id of each. The indices, from 0, of those that are not this consumer's.
inline constexpr std::string_view renew = R"lua(
local p, lost = KEYS[1], {}
for i = 2, #ARGV, 2 do
  local s, id = p .. ':s:' .. ARGV[i], ARGV[i + 1]
  local mine = redis.call('XPENDING', s, 'w', id, id, 1)
  if mine[1] and mine[1][2] == ARGV[1] then
    redis.call('XCLAIM', s, 'w', ARGV[1], 0, id, 'JUSTID')
  else
    lost[#lost + 1] = i / 2 - 1
  end
end
return lost
)lua";

/// ARGV: lane, milliseconds.
inline constexpr std::string_view suspend = R"lua(
local h, t = KEYS[1] .. ':l:' .. ARGV[1], redis.call('TIME')
local till = t[1] * 1000 + math.floor(t[2] / 1000) + tonumber(ARGV[2])
if till > (tonumber(redis.call('HGET', h, 'until')) or 0) then redis.call('HSET', h, 'until', till) end
return 1
)lua";

/// A flat list: dead jobs, then lane, entries, pending, delayed, done, milliseconds of suspension, consumers of each.
inline constexpr std::string_view counts = R"lua(
local p, t = KEYS[1], redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local out = {redis.call('XLEN', p .. ':dead')}
local lanes = redis.call('SMEMBERS', p .. ':lanes')
table.sort(lanes)
for _, lane in ipairs(lanes) do
  local s, h = p .. ':s:' .. lane, p .. ':l:' .. lane
  local group = redis.call('XINFO', 'GROUPS', s)[1]
  local state = redis.call('HMGET', h, 'done', 'until')
  out[#out + 1] = lane
  out[#out + 1] = redis.call('XLEN', s)
  out[#out + 1] = group[6]
  out[#out + 1] = redis.call('ZCARD', p .. ':z:' .. lane)
  out[#out + 1] = tonumber(state[1]) or 0
  out[#out + 1] = math.max(0, (tonumber(state[2]) or 0) - now)
  out[#out + 1] = group[4]
end
return out
)lua";

/// ARGV: how many at most. How many they were.
inline constexpr std::string_view requeue = R"lua(
local p, count = KEYS[1], 0
for _, e in ipairs(redis.call('XRANGE', p .. ':dead', '-', '+', 'COUNT', ARGV[1])) do
  local f = e[2]
  redis.call('XADD', p .. ':s:' .. f[2], '*', 'k', f[4], 't', f[6], 'n', f[8])
  redis.call('XDEL', p .. ':dead', e[1])
  count = count + 1
end
return count
)lua";

/// ARGV: consumer. Where it holds something it stays, for that to be taken over.
inline constexpr std::string_view leave = R"lua(
local p = KEYS[1]
for _, lane in ipairs(redis.call('SMEMBERS', p .. ':lanes')) do
  local s = p .. ':s:' .. lane
  if #redis.call('XPENDING', s, 'w', '-', '+', 1, ARGV[1]) == 0 then redis.call('XGROUP', 'DELCONSUMER', s, 'w', ARGV[1]) end
end
return 1
)lua";

}  // namespace braid::scrape::redis_scripts
