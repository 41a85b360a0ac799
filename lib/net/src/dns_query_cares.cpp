#include <unistd.h>

#include <algorithm>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <braid/core/error.hpp>
#include <limits>
#include <map>
#include <utility>

#include "ares_channel.hpp"
#include "dns_query.hpp"

namespace braid::net {

namespace asio = boost::asio;

const bool dns_is_built_in = true;

namespace {

lookup_answer failed(int status) {
  lookup_answer out;
  out.failure = ares_strerror(status);
  // The others speak of the name: it has no address, or it cannot have one.
  out.temporary = status != ARES_ENOTFOUND && status != ARES_ENODATA && status != ARES_EBADNAME;
  return out;
}

lookup_answer answer_of(const ares_addrinfo& found) {
  lookup_answer out;
  int ttl = std::numeric_limits<int>::max();
  for (const ares_addrinfo_cname* one = found.cnames; one; one = one->next) ttl = std::min(ttl, one->ttl);
  for (const ares_addrinfo_node* one = found.nodes; one; one = one->ai_next) {
    if (one->ai_family != AF_INET && one->ai_family != AF_INET6) continue;
    ttl = std::min(ttl, one->ai_ttl);
    const endpoint address = endpoint::from_native(one->ai_addr, one->ai_addrlen);
    if (std::find(out.addresses.begin(), out.addresses.end(), address) == out.addresses.end()) {
      out.addresses.push_back(address);
    }
  }
  out.ttl = std::chrono::seconds(std::max(ttl, 0));
  return out;
}

/// One question, with a channel of its own: c-ares can give up all questions of a channel, but not one of them. Its
/// handlers hold it weakly, so that it ends when its owner lets go.
class query : public std::enable_shared_from_this<query> {
 public:
  query(asio::io_context& context, std::string host, const dns_options& options,
        std::function<void(lookup_answer)> done)
      : context_(context),
        alarm_(context),
        host_(std::move(host)),
        done_(std::move(done)),
        channel_(options, &query::on_socket, this) {}
  ~query() { over_ = true; }

  void start() {
    if (channel_.status() == ARES_SUCCESS) {
      ares_addrinfo_hints hints{};
      hints.ai_family = AF_UNSPEC;
      hints.ai_socktype = SOCK_STREAM;  // one node for an address
      ares_getaddrinfo(channel_.get(), host_.c_str(), nullptr, &hints, &query::on_answer, this);
    } else {
      answer_ = failed(channel_.status());
      over_ = true;
    }
    go_on();
  }

 private:
  /// A socket of c-ares, which closes it; what is watched is a descriptor of our own.
  struct watched {
    explicit watched(asio::io_context& context, int fd) : descriptor(context, ::dup(fd)) {}
    asio::posix::stream_descriptor descriptor;
    bool wants[2] = {false, false};  // to read, to write
    bool waits[2] = {false, false};
  };

  static void on_socket(void* self, ares_socket_t fd, int readable, int writable) {
    static_cast<query*>(self)->watch(fd, readable != 0, writable != 0);
  }
  static void on_answer(void* self, int status, int, ares_addrinfo* found) {
    static_cast<query*>(self)->take(status, found);
  }

  void watch(int fd, bool readable, bool writable) {
    if (!readable && !writable) {
      sockets_.erase(fd);
      return;
    }
    watched& one = sockets_.try_emplace(fd, context_, fd).first->second;
    one.wants[0] = readable;
    one.wants[1] = writable;
  }

  void take(int status, ares_addrinfo* found) {
    const std::unique_ptr<ares_addrinfo, void (*)(ares_addrinfo*)> owned(found, &ares_freeaddrinfo);
    if (std::exchange(over_, true)) return;  // c-ares tells of its end as well
    answer_ = status == ARES_SUCCESS && found ? answer_of(*found) : failed(status);
  }

  /// After each call of c-ares: hands the answer over, or waits for what it wants to know next.
  void go_on() {
    if (over_) {
      if (done_) std::exchange(done_, nullptr)(std::move(answer_));
      return;
    }
    for (auto& [fd, one] : sockets_) {
      for (const bool write : {false, true}) {
        if (!one.wants[write] || std::exchange(one.waits[write], true)) continue;
        const auto what = write ? asio::posix::descriptor_base::wait_write : asio::posix::descriptor_base::wait_read;
        one.descriptor.async_wait(what,
                                  [weak = weak_from_this(), number = fd, write](const boost::system::error_code& e) {
                                    if (e) return;
                                    if (const std::shared_ptr<query> self = weak.lock()) self->ready(number, write);
                                  });
      }
    }
    timeval left{};
    if (!ares_timeout(channel_.get(), nullptr, &left)) return;
    alarm_.expires_after(std::chrono::seconds(left.tv_sec) + std::chrono::microseconds(left.tv_usec));
    alarm_.async_wait([weak = weak_from_this()](const boost::system::error_code& e) {
      if (e) return;
      if (const std::shared_ptr<query> self = weak.lock()) self->process(ARES_SOCKET_BAD, ARES_SOCKET_BAD);
    });
  }

  void ready(int fd, bool write) {
    const auto found = sockets_.find(fd);
    if (found != sockets_.end()) found->second.waits[write] = false;
    process(write ? ARES_SOCKET_BAD : fd, write ? fd : ARES_SOCKET_BAD);
  }

  void process(int readable, int writable) {
    ares_process_fd(channel_.get(), readable, writable);
    go_on();
  }

  asio::io_context& context_;
  asio::steady_timer alarm_;
  const std::string host_;
  std::function<void(lookup_answer)> done_;
  std::map<int, watched> sockets_;
  lookup_answer answer_;
  bool over_ = false;
  ares_channel_owner channel_;  // the first to go: it tells of its sockets' end
};

}  // namespace

void check_dns_options(const dns_options& options) {
  const ares_channel_owner trial(options, nullptr, nullptr);
  if (trial.status() == ARES_SUCCESS) return;
  throw invalid_argument("resolver: " + servers_of(options) + ": " + ares_strerror(trial.status()));
}

std::shared_ptr<void> ask_dns(asio::io_context& context, std::string host, const dns_options& options,
                              std::function<void(lookup_answer)> done) {
  auto out = std::make_shared<query>(context, std::move(host), options, std::move(done));
  asio::post(context, [weak = std::weak_ptr(out)] {
    if (const std::shared_ptr<query> self = weak.lock()) self->start();
  });
  return out;
}

}  // namespace braid::net
