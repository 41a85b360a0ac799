#include "proxies.hpp"

#include <braid/core/error.hpp>
#include <braid/measure/format.hpp>
#include <utility>

namespace braid::fetch {
namespace {

/// How soon to look again when all proxies have as many requests as they may.
constexpr auto busy_wait = std::chrono::milliseconds(50);

}  // namespace

bool is_failure_of_way(const std::exception_ptr& failure) {
  try {
    std::rethrow_exception(failure);
  } catch (const proxy_error&) {
    return true;
  } catch (const timeout_error&) {
    return true;
  } catch (const connection_lost&) {
    return true;
  } catch (const connect_error&) {
    return true;
  } catch (...) {
    return false;
  }
}

proxies_shared::proxies_shared(std::vector<scrape::proxy_entry> proxies, duration patience)
    : size_(proxies.size()), patience_(patience), pool_(std::move(proxies)) {}

proxies_shared::choice proxies_shared::pick(const std::string& engine, const std::string& session, time_point now) {
  const std::lock_guard lock(mutex_);
  if (!last_answer_) last_answer_ = now;
  choice made;
  made.which = pool_.pick(engine, session, now);
  if (made.which) return made;
  const auto moment = pool_.next_moment(engine, now);
  if (!moment) {
    made.later = now + busy_wait;
  } else if (*moment - now <= patience_ && now - *last_answer_ <= patience_) {
    made.later = moment;
  }
  return made;
}

void proxies_shared::hold(id which, const std::string& engine, time_point until) {
  const std::lock_guard lock(mutex_);
  pool_.hold(which, engine, until);
}

void proxies_shared::answered(id which, time_point now) {
  if (peers_) peers_->left(entry(which), proxy_peers::end::answered);
  const std::lock_guard lock(mutex_);
  last_answer_ = now;
  pool_.answered(which);
}

void proxies_shared::failed(id which, const std::exception_ptr& failure, time_point now) {
  const bool of_way = is_failure_of_way(failure);
  if (peers_) peers_->left(entry(which), of_way ? proxy_peers::end::failed : proxy_peers::end::released);
  const std::lock_guard lock(mutex_);
  if (of_way) {
    pool_.failed(which, now);
  } else {
    pool_.released(which);
  }
}

void proxies_shared::ban(id which, const std::string& engine, std::optional<duration> time, time_point now) {
  if (!time) return;
  if (peers_) peers_->banned(entry(which), engine, *time);
  const std::lock_guard lock(mutex_);
  pool_.ban(which, engine, now + *time);
}

void proxies_shared::released(id which) {
  if (peers_) peers_->left(entry(which), proxy_peers::end::released);
  const std::lock_guard lock(mutex_);
  pool_.released(which);
}

std::vector<scrape::proxy_pool::report> proxies_shared::reports() const {
  const std::lock_guard lock(mutex_);
  return pool_.reports();
}

std::string proxies_shared::summary() const {
  const std::lock_guard lock(mutex_);
  std::string text;
  for (const auto& one : pool_.reports()) {
    text += "proxy " + one.name + (one.tag.empty() ? "" : " (" + one.tag + ")") + ": " +
            measure::format_count(one.requests) + " requests, " + measure::format_count(one.answered) + " answered, " +
            measure::format_count(one.failed) + " failed, banned " + measure::format_count(one.bans) + ", ejected " +
            measure::format_count(one.ejections) + (one.usable ? "" : ", not usable in the end") + '\n';
  }
  return text;
}

}  // namespace braid::fetch
