#include <algorithm>
#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/system/system_error.hpp>
#include <braid/net/connector.hpp>
#include <braid/runtime/semaphore.hpp>
#include <braid/runtime/sleep.hpp>
#include <braid/runtime/timeout.hpp>
#include <braid/scrape/redis.hpp>
#include <random>
#include <utility>

#include "redis_protocol.hpp"

namespace braid::scrape {
namespace {

double random_unit() {
  thread_local std::minstd_rand generator{std::random_device{}()};
  return std::uniform_real_distribution<double>(0, 1)(generator);
}

}  // namespace

duration redis_pause(const redis_options& options, unsigned failures, double unit) {
  if (failures == 0) return duration::zero();
  const auto doubled = options.first_pause * (std::int64_t{1} << std::min(failures - 1, 20U));
  const auto longest = std::min(std::chrono::duration_cast<duration>(doubled), options.longest_pause);
  return std::chrono::duration_cast<duration>(std::chrono::duration<double, duration::period>(longest) * unit);
}

struct redis_connection::state {
  state(redis_address to, redis_options with)
      : address(std::move(to)), options(std::move(with)), name(address.name()), turn(1) {}

  awaitable<redis_reply> run(std::vector<std::string> words);
  awaitable<void> open();
  awaitable<void> sign_in();
  awaitable<redis::answer> exchange(std::vector<std::string> words);
  awaitable<redis::answer> timed(std::vector<std::string> words, duration limit);
  void require(const redis::answer& answer, std::string_view command) const;

  const redis_address address;
  const redis_options options;
  const std::string name;
  semaphore turn;
  std::unique_ptr<net::transport> stream;
  std::unique_ptr<redis::decoder> decoder;
  std::array<char, 16384> chunk{};
  unsigned failures = 0;  // to connect, in a row
  std::uint64_t sent = 0, received = 0, connects = 0;
};

void redis_connection::state::require(const redis::answer& answer, std::string_view command) const {
  if (answer.error.empty()) return;
  throw redis_error(name + ": " + std::string(command) + ": " + answer.error, answer.error);
}

awaitable<redis::answer> redis_connection::state::exchange(std::vector<std::string> words) {
  const auto bytes = redis::encode(words);
  const auto require_done = [this](const boost::system::error_code& failure) {
    if (!failure) return;
    if (failure == asio::error::operation_aborted) throw boost::system::system_error(failure);
    const bool closed = failure == asio::error::eof;
    throw connection_lost(name + ": " + (closed ? "the server closed the connection" : failure.message()));
  };
  const auto written = co_await stream->write(asio::buffer(bytes));
  require_done(written.error);
  sent += bytes.size();
  while (true) {
    const auto got = co_await stream->read_some(asio::buffer(chunk));
    require_done(got.error);
    received += got.size;
    decoder->feed(std::string_view(chunk.data(), got.size));
    if (auto answer = decoder->take()) co_return std::move(*answer);
  }
}

/// Whatever keeps the answer from being read to its end closes the connection.
awaitable<redis::answer> redis_connection::state::timed(std::vector<std::string> words, duration limit) {
  struct closer {
    state& self;
    bool whole = false;
    ~closer() {
      if (!whole) self.stream.reset();
    }
  };
  closer guard{*this};
  auto pending = exchange(std::move(words));
  redis::answer answer;
  try {
    answer = co_await with_timeout(limit, std::move(pending), "redis");
  } catch (const timeout_error&) {
    throw timeout_error(name + ": no answer in time", "redis");
  } catch (const limit_error& e) {
    throw limit_error(name + ": " + e.what());
  } catch (const protocol_error& e) {
    throw protocol_error(name + ": " + e.what());
  }
  guard.whole = true;
  co_return answer;
}

awaitable<void> redis_connection::state::sign_in() {
  const auto ask = [this](std::vector<std::string> words) { return timed(std::move(words), options.connect_timeout); };
  try {
    if (!address.password.empty()) {
      std::vector<std::string> words{"AUTH"};
      if (!address.user.empty()) words.push_back(address.user);
      words.push_back(address.password);
      auto pending = ask(std::move(words));
      const auto answer = co_await std::move(pending);
      require(answer, "AUTH");
    }
    if (address.database != 0) {
      std::vector<std::string> words{"SELECT", std::to_string(address.database)};
      auto pending = ask(std::move(words));
      const auto answer = co_await std::move(pending);
      require(answer, "SELECT");
    }
  } catch (...) {
    stream.reset();
    throw;
  }
}

awaitable<void> redis_connection::state::open() {
  const auto pause = redis_pause(options, failures, random_unit());
  if (pause > duration::zero()) co_await sleep_for(pause);
  // Put right below: an attempt that is cancelled counts as well.
  ++failures;
  net::connect_options how;
  how.timeout = options.connect_timeout;
  if (address.tls) how.tls = options.tls;
  auto pending = net::connect(address.host, address.port, std::move(how));
  stream = co_await std::move(pending);
  decoder = std::make_unique<redis::decoder>(options.max_reply);
  co_await sign_in();
  failures = 0;
  ++connects;
}

awaitable<redis_reply> redis_connection::state::run(std::vector<std::string> words) {
  // A server that went away while nothing was asked is found out here, before the command is sent.
  if (stream && !stream->is_quiet()) stream.reset();
  if (!stream) co_await open();
  const auto command = words.empty() ? std::string() : words.front();
  auto pending = timed(std::move(words), options.command_timeout);
  auto answer = co_await std::move(pending);
  if (answer.error.starts_with("LOADING")) {
    // It has just started: as good as not there yet.
    stream.reset();
    ++failures;
    throw connection_lost(name + ": the server is loading its data");
  }
  require(answer, command);
  co_return std::move(answer.reply);
}

redis_connection::redis_connection(redis_address address, redis_options options)
    : state_(std::make_unique<state>(std::move(address), std::move(options))) {}

redis_connection::~redis_connection() = default;

awaitable<redis_reply> redis_connection::command(std::vector<std::string> words) {
  if (words.empty()) throw invalid_argument("a Redis command without a word");
  const auto turn = co_await state_->turn.acquire();
  auto pending = state_->run(std::move(words));
  co_return co_await std::move(pending);
}

const std::string& redis_connection::name() const noexcept { return state_->name; }
std::uint64_t redis_connection::sent() const noexcept { return state_->sent; }
std::uint64_t redis_connection::received() const noexcept { return state_->received; }
std::uint64_t redis_connection::connects() const noexcept { return state_->connects; }

}  // namespace braid::scrape
