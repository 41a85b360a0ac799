#pragma once

#include <string_view>

// What is kept of proxies in Redis, beside the queue (redis_scripts.hpp):
//   :proxies   set of names     :x:NAME  hash: bucket, failures, pauses, ejected, probe, ejections, ban:TARGET
// Times are milliseconds of the server's clock.
namespace braid::scrape::redis_scripts {

/// ARGV: name, target, rate, burst, milliseconds that a probe has, milliseconds to remember. Milliseconds to wait, 1
/// for a probe, 1 for a suspect.
inline constexpr std::string_view proxy_enter = R"lua(
local h = KEYS[1] .. ':x:' .. ARGV[1]
local t = redis.call('TIME')
local now = t[1] * 1000 + t[2] / 1000
local s = redis.call('HMGET', h, 'ejected', 'ban:' .. ARGV[2], 'pauses', 'probe', 'bucket', 'failures')
local till = math.max(tonumber(s[1]) or 0, tonumber(s[2]) or 0)
local probing = (tonumber(s[3]) or 0) > 0
if probing then till = math.max(till, tonumber(s[4]) or 0) end
if till > now then return {math.ceil(till - now), 0, 0} end
local rate, set = tonumber(ARGV[3]), {}
if rate > 0 then
  local step = 1000 / rate
  local at = math.max(tonumber(s[5]) or 0, now - math.max(step, tonumber(ARGV[4])))
  if now - at < step * 0.999999 then return {math.max(1, math.ceil(at + step - now)), 0, 0} end
  set = {'bucket', string.format('%.3f', at + step)}
end
if probing then set[#set + 1] = 'probe'; set[#set + 1] = string.format('%.0f', now + ARGV[5]) end
if #set > 0 then
  redis.call('HSET', h, unpack(set))
  redis.call('SADD', KEYS[1] .. ':proxies', ARGV[1])
  redis.call('PEXPIRE', h, ARGV[6])
end
return {0, probing and 1 or 0, (probing or (tonumber(s[6]) or 0) > 0) and 1 or 0}
)lua";

/// ARGV: name.
inline constexpr std::string_view proxy_answered = R"lua(
redis.call('HDEL', KEYS[1] .. ':x:' .. ARGV[1], 'failures', 'pauses', 'probe', 'ejected')
return 1
)lua";

/// ARGV: name.
inline constexpr std::string_view proxy_released = R"lua(
redis.call('HDEL', KEYS[1] .. ':x:' .. ARGV[1], 'probe')
return 1
)lua";

/// ARGV: name, failures in a row until it is ejected, milliseconds of the first pause, of the longest, to remember.
inline constexpr std::string_view proxy_failed = R"lua(
local h = KEYS[1] .. ':x:' .. ARGV[1]
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local s = redis.call('HMGET', h, 'ejected', 'failures', 'pauses')
-- What was on its way when it was ejected says nothing new.
if now < (tonumber(s[1]) or 0) then return 0 end
local failures, pauses = (tonumber(s[2]) or 0) + 1, tonumber(s[3]) or 0
redis.call('SADD', KEYS[1] .. ':proxies', ARGV[1])
if failures < tonumber(ARGV[2]) and pauses == 0 then
  redis.call('HSET', h, 'failures', failures)
else
  local pause = math.min(ARGV[3] * 2 ^ math.min(pauses, 30), tonumber(ARGV[4]))
  redis.call('HSET', h, 'ejected', string.format('%.0f', now + pause), 'failures', 0, 'pauses', pauses + 1)
  redis.call('HDEL', h, 'probe')
  redis.call('HINCRBY', h, 'ejections', 1)
end
redis.call('PEXPIRE', h, ARGV[5])
return 1
)lua";

/// ARGV: name, target, milliseconds, milliseconds to remember.
inline constexpr std::string_view proxy_ban = R"lua(
local h, t, f = KEYS[1] .. ':x:' .. ARGV[1], redis.call('TIME'), 'ban:' .. ARGV[2]
local till = t[1] * 1000 + math.floor(t[2] / 1000) + ARGV[3]
if till > (tonumber(redis.call('HGET', h, f)) or 0) then redis.call('HSET', h, f, string.format('%.0f', till)) end
redis.call('SADD', KEYS[1] .. ':proxies', ARGV[1])
redis.call('PEXPIRE', h, math.max(tonumber(ARGV[4]), tonumber(ARGV[3])))
return 1
)lua";

/// A flat list: name, milliseconds that it is ejected, ejections, 1 for a suspect of each.
inline constexpr std::string_view proxy_reports = R"lua(
local p, t, out = KEYS[1], redis.call('TIME'), {}
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local names = redis.call('SMEMBERS', p .. ':proxies')
table.sort(names)
for _, name in ipairs(names) do
  local h = p .. ':x:' .. name
  if redis.call('EXISTS', h) == 0 then
    redis.call('SREM', p .. ':proxies', name)
  else
    local s = redis.call('HMGET', h, 'ejected', 'ejections', 'failures', 'pauses')
    out[#out + 1] = name
    out[#out + 1] = math.max(0, (tonumber(s[1]) or 0) - now)
    out[#out + 1] = tonumber(s[2]) or 0
    out[#out + 1] = ((tonumber(s[3]) or 0) > 0 or (tonumber(s[4]) or 0) > 0) and 1 or 0
  end
end
return out
)lua";

}  // namespace braid::scrape::redis_scripts
