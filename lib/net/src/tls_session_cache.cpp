#include "tls_session_cache.hpp"

#include <algorithm>
#include <ctime>

namespace braid::net {

namespace {

constexpr std::size_t most_of_one_name = 4;

bool is_good(SSL_SESSION* session) {
  const long age = static_cast<long>(std::time(nullptr)) - SSL_SESSION_get_time(session);
  return SSL_SESSION_is_resumable(session) == 1 && age >= 0 && age < SSL_SESSION_get_timeout(session);
}

}  // namespace

void tls_session_cache::put(const std::string& name, resumable session) {
  const std::lock_guard lock(mutex_);
  if (most_ == 0) return;
  if (all_.size() >= most_) erase(all_.begin());
  auto& own = by_name_[name];
  if (own.size() >= most_of_one_name) {
    all_.erase(own.front());
    own.pop_front();
  }
  entry made;
  made.name = name;
  made.session = std::move(session);
  own.push_back(all_.insert(all_.end(), std::move(made)));
}

resumable tls_session_cache::take(const std::string& name) {
  const std::lock_guard lock(mutex_);
  for (;;) {
    const auto found = by_name_.find(name);
    if (found == by_name_.end()) return nullptr;
    const entries::iterator newest = found->second.back();
    SSL_SESSION* const session = newest->session.get();
    const bool good = is_good(session);
    if (good && SSL_SESSION_get_protocol_version(session) < TLS1_3_VERSION) {
      SSL_SESSION_up_ref(session);
      return resumable(session);
    }
    resumable out = std::move(newest->session);
    erase(newest);
    if (good) return out;
  }
}

void tls_session_cache::erase(entries::iterator which) {
  const auto found = by_name_.find(which->name);
  found->second.remove(which);
  if (found->second.empty()) by_name_.erase(found);
  all_.erase(which);
}

std::size_t tls_session_cache::size() const {
  const std::lock_guard lock(mutex_);
  return all_.size();
}

}  // namespace braid::net
