#include <algorithm>
#include <braid/core/error.hpp>
#include <braid/scrape/proxy_pool.hpp>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <utility>

namespace braid::scrape {
namespace {

std::string_view next_word(std::string_view& text) {
  const auto begin = std::min(text.find_first_not_of(" \t\r"), text.size());
  text.remove_prefix(begin);
  const auto word = text.substr(0, text.find_first_of(" \t\r"));
  text.remove_prefix(word.size());
  return word;
}

template <class Number>
Number number_of(std::string_view name, std::string_view text) {
  Number value{};
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || stop != text.data() + text.size() || !(value > 0) || value > Number{1'000'000}) {
    throw invalid_argument("proxy: " + std::string(name) + "=" + std::string(text) + ": expected a number over 0");
  }
  return value;
}

/// FNV-1a with a finish, as a number in (0, 1).
double unit_of(std::string_view a, std::string_view b) {
  std::uint64_t value = 0xcbf29ce484222325U;
  for (const auto text : {a, std::string_view("\n"), b}) {
    for (const unsigned char c : text) value = (value ^ c) * 0x100000001b3U;
  }
  value = (value ^ (value >> 30U)) * 0xbf58476d1ce4e5b9U;
  value = (value ^ (value >> 27U)) * 0x94d049bb133111ebU;
  value ^= value >> 31U;
  return (static_cast<double>(value >> 11U) + 0.5) / 9007199254740992.0;
}

}  // namespace

proxy_entry parse_proxy(std::string_view text) {
  const auto address = next_word(text);
  if (address.empty()) throw invalid_argument("proxy: expected an address");
  proxy_entry entry(net::proxy::parse(address));
  while (true) {
    const auto word = next_word(text);
    if (word.empty()) return entry;
    const auto equals = word.find('=');
    const auto name = word.substr(0, equals);
    const auto value = equals == std::string_view::npos ? std::string_view() : word.substr(equals + 1);
    if (name == "weight") {
      entry.weight = number_of<double>(name, value);
    } else if (name == "limit") {
      entry.limit = number_of<std::size_t>(name, value);
    } else if (name == "rate") {
      entry.rate = number_of<double>(name, value);
    } else if (name == "tag" && !value.empty()) {
      entry.tag = value;
    } else {
      throw invalid_argument("proxy: '" + std::string(word) + "': expected weight=, tag=, limit= or rate=");
    }
  }
}

std::vector<proxy_entry> parse_proxies(std::string_view text) {
  std::vector<proxy_entry> all;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const auto line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    const auto begin = line.find_first_not_of(" \t\r");
    if (begin == std::string_view::npos || line[begin] == '#') continue;
    try {
      all.push_back(parse_proxy(line));
    } catch (const invalid_argument& e) {
      throw invalid_argument("line " + std::to_string(number) + ": " + e.what());
    }
  }
  return all;
}

proxy_pool::proxy_pool(std::vector<proxy_entry> proxies, const proxy_pool_options& options) : options_(options) {
  for (auto& one : proxies) proxies_.emplace_back(std::move(one));
}

time_point proxy_pool::ready(const member& one, std::string_view target) const {
  const auto ban = one.bans.find(target);
  const auto either = std::max(one.ejected, one.next);
  return ban == one.bans.end() ? either : std::max(either, ban->second);
}

bool proxy_pool::usable(const member& one, std::string_view target, time_point now) const {
  const auto limit = one.pauses > 0 ? 1 : one.entry.limit;
  return one.under_way < limit && ready(one, target) <= now;
}

/// Smooth weighted round robin: each usable proxy's turn grows by its weight, the largest is taken and pays for all.
proxy_pool::member* proxy_pool::by_turn(std::string_view target, time_point now) {
  member* best = nullptr;
  double total = 0;
  for (auto& one : proxies_) {
    if (!usable(one, target, now)) continue;
    one.turn += one.entry.weight;
    total += one.entry.weight;
    if (best == nullptr || one.turn > best->turn) best = &one;
  }
  if (best != nullptr) best->turn -= total;
  return best;
}

/// Rendezvous hashing: when a proxy goes, only its own sessions move.
proxy_pool::member* proxy_pool::by_session(std::string_view target, std::string_view session, time_point now) {
  member* best = nullptr;
  double most = 0;
  for (auto& one : proxies_) {
    if (!usable(one, target, now)) continue;
    const double score = -one.entry.weight / std::log(unit_of(session, one.entry.address.key()));
    if (best == nullptr || score > most) {
      best = &one;
      most = score;
    }
  }
  return best;
}

std::optional<proxy_pool::id> proxy_pool::pick(std::string_view target, std::string_view session, time_point now) {
  member* one = session.empty() ? by_turn(target, now) : by_session(target, session, now);
  if (one == nullptr) return std::nullopt;
  ++one->under_way;
  ++one->requests;
  if (one->entry.rate > 0) one->next = std::max(one->next, now) + interval(*one);
  return static_cast<id>(one - proxies_.data());
}

void proxy_pool::answered(id which) {
  auto& one = proxies_[which];
  --one.under_way;
  ++one.answered;
  one.failures = one.pauses = 0;
}

void proxy_pool::failed(id which, time_point now) {
  auto& one = proxies_[which];
  --one.under_way;
  ++one.failed;
  // What was on its way when it was ejected says nothing new.
  if (now < one.ejected) return;
  if (++one.failures < options_.failures && one.pauses == 0) return;
  auto pause = options_.pause;
  for (unsigned i = 0; i < one.pauses && pause < options_.longest_pause; ++i) pause *= 2;
  one.ejected = now + std::min(pause, options_.longest_pause);
  one.failures = 0;
  ++one.pauses;
  ++one.ejections;
}

void proxy_pool::ban(id which, std::string_view target, time_point until) {
  ++proxies_[which].banned;
  bar(proxies_[which], target, until);
}

void proxy_pool::hold(id which, std::string_view target, time_point until) {
  auto& one = proxies_[which];
  --one.under_way;
  --one.requests;
  one.next -= interval(one);
  bar(one, target, until);
}

void proxy_pool::bar(member& one, std::string_view target, time_point until) {
  auto& ban = one.bans.try_emplace(std::string(target), until).first->second;
  ban = std::max(ban, until);
}

duration proxy_pool::interval(const member& one) {
  if (one.entry.rate == 0) return duration::zero();
  return std::chrono::duration_cast<duration>(std::chrono::duration<double>(1 / one.entry.rate));
}

std::optional<time_point> proxy_pool::next_moment(std::string_view target, time_point now) const {
  std::optional<time_point> earliest;
  for (const auto& one : proxies_) {
    const auto moment = ready(one, target);
    if (moment > now && (!earliest || moment < *earliest)) earliest = moment;
  }
  return earliest;
}

std::vector<proxy_pool::report> proxy_pool::reports() const {
  std::vector<report> all;
  for (const auto& one : proxies_) {
    report next;
    next.name = one.entry.address.str();
    next.tag = one.entry.tag;
    next.requests = one.requests;
    next.answered = one.answered;
    next.failed = one.failed;
    next.bans = one.banned;
    next.ejections = one.ejections;
    next.usable = one.pauses == 0;
    all.push_back(std::move(next));
  }
  return all;
}

}  // namespace braid::scrape
