#include <boost/asio/co_spawn.hpp>
#include <boost/asio/this_coro.hpp>
#include <braid/core/error.hpp>
#include <braid/testing/scripted_peer.hpp>
#include <charconv>
#include <deque>

namespace braid::testing {

namespace asio = boost::asio;

struct scripted_peer::state {
  std::deque<script> scripts;
  script beyond;
  std::vector<std::string> targets;
  std::vector<std::string> requests;
  std::size_t open = 0;
};

namespace {

/// Behind the head: what Content-Length says, or chunks. Npos while it is not all there.
std::size_t request_size(const std::string& input) {
  const std::size_t head = input.find("\r\n\r\n");
  if (head == input.npos) return input.npos;
  const std::size_t body = head + 4;
  const std::string_view fields = std::string_view(input).substr(0, body);
  if (const std::size_t at = fields.find("\r\nContent-Length: "); at != fields.npos) {
    std::size_t length = 0;
    std::from_chars(fields.data() + at + 18, fields.data() + fields.size(), length);
    return input.size() >= body + length ? body + length : input.npos;
  }
  if (fields.find("\r\nTransfer-Encoding: chunked\r\n") != fields.npos) {
    const std::size_t end = input.find("0\r\n\r\n", body);
    return end == input.npos ? input.npos : end + 5;
  }
  return body;
}

}  // namespace

asio::awaitable<bool> wire::read_more() {
  char piece[4096];
  const net::io_result got = co_await end_->read_some(asio::buffer(piece));
  if (got.ok()) input_.append(piece, got.size);
  co_return got.ok();
}

asio::awaitable<std::string> wire::read_request() {
  std::size_t size = request_size(input_);
  while (size == input_.npos) {
    const bool more = co_await read_more();
    if (!more) co_return std::string();
    size = request_size(input_);
  }
  std::string out = input_.substr(0, size);
  input_.erase(0, size);
  log_.push_back(out);
  co_return out;
}

asio::awaitable<void> wire::send(std::string bytes) { co_await end_->write(asio::buffer(bytes)); }

asio::awaitable<void> wire::answer_all(std::string bytes) {
  for (;;) {
    const std::string request = co_await read_request();
    if (request.empty()) co_return;
    co_await send(bytes);
  }
}

asio::awaitable<void> wire::hang() {
  bool open = true;
  while (open) open = co_await read_more();
}

scripted_peer::scripted_peer() : state_(std::make_shared<state>()) {}
scripted_peer::~scripted_peer() = default;

scripted_peer& scripted_peer::next(script what) {
  state_->scripts.push_back(std::move(what));
  return *this;
}

scripted_peer& scripted_peer::always(script what) {
  state_->beyond = std::move(what);
  return *this;
}

http::connect_function scripted_peer::connector() const {
  return [shared = state_](std::string host, std::uint16_t port,
                           net::connect_options) -> asio::awaitable<std::unique_ptr<net::transport>> {
    const auto mine = shared;  // the function object may go while this waits
    const asio::any_io_executor executor = co_await asio::this_coro::executor;
    const std::string target = host + ":" + std::to_string(port);
    mine->targets.push_back(target);
    script what = mine->beyond;
    if (!mine->scripts.empty()) {
      what = std::move(mine->scripts.front());
      mine->scripts.pop_front();
    }
    if (!what) throw connect_error("connect " + target + ": refused, no script is left");
    auto ends = memory_transport::make_pair();
    ends.first->name_peer(target);
    auto run = [](std::shared_ptr<state> keep, script play,
                  std::unique_ptr<memory_transport> end) -> asio::awaitable<void> {
      wire w(std::move(end), keep->requests);
      ++keep->open;
      co_await play(w);
      --keep->open;
    };
    asio::co_spawn(executor, run(mine, std::move(what), std::move(ends.second)), [](std::exception_ptr failure) {
      if (failure && !is_cancelled(failure)) std::rethrow_exception(failure);
    });
    co_return std::move(ends.first);
  };
}

std::size_t scripted_peer::connections() const noexcept { return state_->targets.size(); }
const std::vector<std::string>& scripted_peer::targets() const noexcept { return state_->targets; }
const std::vector<std::string>& scripted_peer::requests() const noexcept { return state_->requests; }
std::size_t scripted_peer::open() const noexcept { return state_->open; }

}  // namespace braid::testing
