#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <braid/net/resolver.hpp>
#include <braid/runtime/waiter.hpp>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

namespace braid::net {

/// Asks getaddrinfo.
lookup_answer system_lookup(const std::string& host);

/// What is known and what is being asked. Answers may come in from the threads of the pool, so everything is under the
/// mutex.
class resolver::impl : public std::enable_shared_from_this<impl> {
 public:
  /// A name: being asked while `answered` is false.
  struct entry {
    lookup_answer answer;
    bool answered = false;
    std::optional<time_point> expires;  // set by the first coroutine that sees the answer, as only those have the clock
    std::list<waiter*> askers;
    std::shared_ptr<void> query;  // of the DNS: there as long as somebody waits for its answer
    std::list<std::string>::iterator age;
  };

  /// A coroutine that waits for an answer. Leaves the entry when it goes, whatever the reason.
  class asker {
   public:
    asker(impl& cache, std::shared_ptr<entry> name, std::string host);
    ~asker();
    asker(const asker&) = delete;

    waiter answered;

   private:
    impl& cache_;
    std::shared_ptr<entry> name_;
    std::string host_;
    std::list<waiter*>::iterator place_;
  };

  /// The entry of `host`; answered, or being asked from now on at the latest.
  std::shared_ptr<entry> find(const std::string& host, time_point now, const boost::asio::any_io_executor& executor);
  /// Its answer, once there is one.
  std::optional<lookup_answer> answer_of(entry& name, time_point now);

  void configure(resolver_options options);
  void use_lookup(lookup_function lookup);
  void use_dns(dns_options options);
  std::size_t size() const;

 private:
  using names_map = std::unordered_map<std::string, std::shared_ptr<entry>>;

  void erase(names_map::iterator name);
  void set_expiry(entry& name, time_point now) const;
  void make_room();
  void answered(const std::string& host, entry& name, lookup_answer answer);
  void forget_all();

  mutable std::mutex mutex_;
  resolver_options options_;
  lookup_function lookup_ = system_lookup;
  std::shared_ptr<const dns_options> dns_;  // instead of it
  names_map names_;
  std::list<std::string> ages_;  // oldest first
};

}  // namespace braid::net
