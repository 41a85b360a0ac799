#include "resolver_cache.hpp"

#include <algorithm>

#include "dns_query.hpp"
#include "io_context_of.hpp"
#include "lookup_pool.hpp"

namespace braid::net {

resolver::impl::asker::asker(impl& cache, std::shared_ptr<entry> name, std::string host)
    : cache_(cache), name_(std::move(name)), host_(std::move(host)) {
  answered.expect_other_thread();
  const std::lock_guard lock(cache_.mutex_);
  place_ = name_->askers.insert(name_->askers.end(), &answered);
  if (name_->answered) answered.wake_from_other_thread();  // it came while we were on our way
}

resolver::impl::asker::~asker() {
  std::shared_ptr<void> unwanted;  // goes after the lock
  const std::lock_guard lock(cache_.mutex_);
  name_->askers.erase(place_);
  if (!name_->askers.empty() || name_->answered || !name_->query) return;
  unwanted = std::move(name_->query);
  const auto found = cache_.names_.find(host_);
  if (found != cache_.names_.end() && found->second == name_) cache_.erase(found);
}

std::shared_ptr<resolver::impl::entry> resolver::impl::find(const std::string& host, time_point now,
                                                            const boost::asio::any_io_executor& executor) {
  std::shared_ptr<entry> made;
  lookup_function lookup;
  std::shared_ptr<const dns_options> dns;
  {
    const std::lock_guard lock(mutex_);
    const auto found = names_.find(host);
    if (found != names_.end()) {
      set_expiry(*found->second, now);
      if (!found->second->answered || *found->second->expires > now) return found->second;
      erase(found);
    }
    make_room();
    made = std::make_shared<entry>();
    made->age = ages_.insert(ages_.end(), host);
    names_.emplace(host, made);
    lookup = lookup_;
    dns = dns_;
  }
  if (dns) {
    made->query = ask_dns(io_context_of(executor), host, *dns,
                          [self = weak_from_this(), name = std::weak_ptr(made), host](lookup_answer answer) {
                            const std::shared_ptr<impl> cache = self.lock();
                            const std::shared_ptr<entry> asked = name.lock();
                            if (cache && asked) cache->answered(host, *asked, std::move(answer));
                          });
    return made;
  }
  // Outlives the resolver where it has to: nobody waits for a lookup to end.
  run_lookup([self = shared_from_this(), made, host, lookup = std::move(lookup)] {
    lookup_answer answer;
    try {
      answer = lookup(host);
    } catch (const std::exception& failure) {
      answer.failure = failure.what();
      answer.temporary = true;
    }
    self->answered(host, *made, std::move(answer));
  });
  return made;
}

std::optional<lookup_answer> resolver::impl::answer_of(entry& name, time_point now) {
  const std::lock_guard lock(mutex_);
  set_expiry(name, now);
  return name.answered ? std::optional(name.answer) : std::nullopt;
}

void resolver::impl::set_expiry(entry& name, time_point now) const {
  if (!name.answered || name.expires) return;
  const duration lasts = !name.answer.failure.empty() ? options_.negative_ttl
                         : name.answer.ttl            ? std::clamp(*name.answer.ttl, options_.min_ttl, options_.max_ttl)
                                                      : options_.ttl;
  name.expires = now + lasts;
}

void resolver::impl::answered(const std::string& host, entry& name, lookup_answer answer) {
  const std::lock_guard lock(mutex_);
  name.answer = std::move(answer);
  if (name.answer.addresses.empty() && name.answer.failure.empty()) name.answer.failure = "no address";
  name.answered = true;
  name.query.reset();
  const auto found = names_.find(host);
  if (name.answer.temporary && found != names_.end() && found->second.get() == &name) erase(found);
  for (waiter* one : name.askers) one->wake_from_other_thread();
}

void resolver::impl::erase(names_map::iterator name) {
  ages_.erase(name->second->age);
  names_.erase(name);
}

void resolver::impl::make_room() {
  while (!names_.empty() && names_.size() >= options_.max_names) erase(names_.find(ages_.front()));
}

void resolver::impl::forget_all() {
  names_.clear();
  ages_.clear();
}

void resolver::impl::configure(resolver_options options) {
  const std::lock_guard lock(mutex_);
  options_ = options;
  forget_all();
}

void resolver::impl::use_lookup(lookup_function lookup) {
  const std::lock_guard lock(mutex_);
  lookup_ = std::move(lookup);
  dns_.reset();
  forget_all();
}

void resolver::impl::use_dns(dns_options options) {
  const std::lock_guard lock(mutex_);
  dns_ = std::make_shared<const dns_options>(std::move(options));
  forget_all();
}

std::size_t resolver::impl::size() const {
  const std::lock_guard lock(mutex_);
  return names_.size();
}

}  // namespace braid::net
