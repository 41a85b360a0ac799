#include <braid/http/download.hpp>

#include <memory>
#include <random>

#include <braid/core/error.hpp>
#include <braid/runtime/offload.hpp>
#include <braid/runtime/sleep.hpp>

#include "download/part_file.hpp"
#include "download/rules.hpp"

namespace braid::http {

namespace {

constexpr std::size_t batch = 256 * 1024;  // of one write

double unit() {
  static thread_local std::minstd_rand numbers(std::random_device{}());
  return std::uniform_real_distribution<double>(0, 1)(numbers);
}

/// One download: as many requests as it takes.
class fetching {
 public:
  fetching(client with, std::string url, std::filesystem::path path, download_options options)
      : client_(std::move(with)), url_(std::move(url)), path_(std::move(path)), options_(std::move(options)) {}

  boost::asio::awaitable<download_result> run() {
    const request checked("GET", url_);
    name_ = checked.url().without_secrets().str();
    auto opening = offload([path = path_] { return std::make_shared<part_file>(path); });
    file_ = co_await std::move(opening);
    if (options_.resume) state_ = file_->left_of(name_);
    result_.resumed = state_.received;
    const retry_policy policy(options_.retries);
    unsigned failures = 0;
    for (bool complete = false; !complete;) {
      const std::uint64_t before = state_.received;
      failed_attempt failed;
      std::exception_ptr failure;
      try {
        complete = co_await attempt(failed);
      } catch (...) {
        failure = std::current_exception();
      }
      save();
      if (failure) failed.retryable = failed.retryable || is_retryable(failure);
      if (!failure && !failed.retryable) continue;
      failures = state_.received > before ? 1 : failures + 1;
      const std::optional<duration> wait = policy.wait_after(failures, failed, unit());
      if (!wait && failure) std::rethrow_exception(failure);
      if (!wait) throw_status();
      co_await sleep_for(*wait);
    }
    auto finishing = offload([file = file_] { file->finish(); });
    co_await std::move(finishing);
    result_.bytes = state_.received;
    co_return std::move(result_);
  }

 private:
  std::string what() const { return "GET " + name_; }

  [[noreturn]] void throw_status() const {
    const int status = result_.head.status();
    throw status_error(status, what() + ": " + std::to_string(status) + " " + result_.head.reason());
  }

  request make_request() const {
    request out("GET", url_);
    for (const headers::field one : options_.fields) out.header(one.name, one.value);
    out.header("Accept-Encoding", "identity");
    if (state_.received == 0) return out;
    out.header("Range", "bytes=" + std::to_string(state_.received) + "-");
    out.header("If-Range", state_.validator);
    return out;
  }

  /// One request. True when the file is complete; false when it goes on, at once or as `failed` says.
  boost::asio::awaitable<bool> attempt(failed_attempt& failed) {
    // Without a validator nobody can tell whether what is missing belongs to what is there.
    if (state_.validator.empty()) state_.received = 0;
    if (state_.total && state_.received == *state_.total && state_.received > 0) co_return true;
    const bool whole = state_.received == 0;
    request asking = make_request();
    ++result_.requests;
    auto streaming = client_.stream(std::move(asking));
    response_stream from = co_await std::move(streaming);
    result_.head = from;
    switch (judge_download(state_, whole, from.status(), from.headers(), what())) {
      case download_step::done:
        co_return true;
      case download_step::restart:
        state_ = download_state();
        result_.resumed = 0;
        co_return false;
      case download_step::fail:
        failed.retryable = is_retryable_status(from.status());
        failed.retry_after = asked_to_wait(from.headers(), std::chrono::system_clock::now());
        if (!failed.retryable) throw_status();
        co_return false;
      case download_step::replace: {
        result_.resumed = 0;
        auto beginning = offload([file = file_, name = name_, state = state_] { file->begin(name, state); });
        co_await std::move(beginning);
        break;
      }
      case download_step::append:
        break;
    }
    check_limit(state_.total.value_or(0));
    const std::uint64_t before = state_.received;
    co_await receive(from);
    if (!whole && state_.received == before) throw protocol_error(what() + ": a part without a byte");
    // A server may send less than was asked for (RFC 9110, 15.3.7).
    co_return !state_.total || state_.received >= *state_.total;
  }

  boost::asio::awaitable<void> receive(response_stream& from) {
    for (;;) {
      const std::string_view piece = co_await from.read_some();
      unsaved_ += piece;
      state_.received += piece.size();
      check_limit(state_.received);
      if (state_.total && state_.received > *state_.total) {
        throw protocol_error(what() + ": more bytes than the " + std::to_string(*state_.total) + " there are");
      }
      if (unsaved_.size() >= batch || (piece.empty() && !unsaved_.empty())) {
        auto writing = offload([file = file_, bytes = std::exchange(unsaved_, {})] { file->append(bytes); });
        co_await std::move(writing);
      }
      if (piece.empty()) co_return;
      if (options_.progress) tell();
    }
  }

  void tell() const {
    download_progress now;
    now.received = state_.received;
    now.total = state_.total;
    options_.progress(now);
  }

  void check_limit(std::uint64_t bytes) const {
    if (!options_.bytes || bytes <= *options_.bytes) return;
    throw limit_error(what() + ": the file is over the limit of " + std::to_string(*options_.bytes) + " bytes");
  }

  /// What was received before a failure is not asked for again.
  void save() {
    if (!unsaved_.empty()) file_->append(std::exchange(unsaved_, {}));
  }

  client client_;
  std::string url_;
  std::filesystem::path path_;
  download_options options_;
  std::string name_;  // the URL without secrets
  std::shared_ptr<part_file> file_;
  download_state state_;
  std::string unsaved_;
  download_result result_;
};

}  // namespace

boost::asio::awaitable<download_result> download(client with, std::string url, std::filesystem::path path) {
  return download(std::move(with), std::move(url), std::move(path), download_options());
}

boost::asio::awaitable<download_result> download(client with, std::string url, std::filesystem::path path,
                                                 download_options options) {
  fetching one(std::move(with), std::move(url), std::move(path), std::move(options));
  download_result out = co_await one.run();
  co_return out;
}

}  // namespace braid::http
