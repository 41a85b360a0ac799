#include <deque>
#include <exception>
#include <mutex>
#include <nlohmann/json.hpp>

#include <braid/core/error.hpp>
#include <braid/http/har.hpp>

#include "har/entry.hpp"
#include "replace_file.hpp"

namespace braid::http {

std::size_t har_entry::bytes() const noexcept {
  std::size_t out = url.size() + sent.size() + received.size() + failure.size();
  for (const headers* fields : {&asked, &answered}) {
    for (const headers::field& one : *fields) out += one.name.size() + one.value.size();
  }
  return out;
}

class har_log {
 public:
  explicit har_log(const har_limits& limits) : limits_(limits) {}

  void add(har_entry entry) {
    const std::lock_guard lock(mutex_);
    bytes_ += entry.bytes();
    entries_.push_back(std::move(entry));
    while (!entries_.empty() && (entries_.size() > limits_.entries || bytes_ > limits_.bytes)) {
      bytes_ -= entries_.front().bytes();
      entries_.pop_front();
    }
  }
  std::size_t size() const {
    const std::lock_guard lock(mutex_);
    return entries_.size();
  }
  nlohmann::ordered_json json() const {
    auto entries = nlohmann::ordered_json::array();
    const std::lock_guard lock(mutex_);
    for (const har_entry& one : entries_) entries.push_back(to_har(one));
    return {
        {"log",
         {{"version", "1.2"}, {"creator", {{"name", "braid"}, {"version", "0.1"}}}, {"entries", std::move(entries)}}}};
  }

 private:
  const har_limits limits_;
  mutable std::mutex mutex_;
  std::deque<har_entry> entries_;
  std::size_t bytes_ = 0;
};

namespace {

/// The hops before the last one were answered with redirects, whose bodies nobody saw.
void add_hops(har_log& log, const har_entry& first, const response& answer) {
  har_entry entry = first;
  for (const redirect_hop& hop : answer.history()) {
    entry.url = hop.url.str();
    entry.status = hop.status;
    entry.version = hop.version;
    entry.reason = hop.reason;
    entry.answered = hop.headers;
    log.add(entry);
  }
}

boost::asio::awaitable<response> record(std::shared_ptr<har_log> log, request what, next_handler next) {
  har_entry entry;
  entry.started = std::chrono::system_clock::now();
  entry.method = what.method();
  entry.url = what.url().str();
  entry.asked = what.fields();
  entry.sent = what.body();
  entry.has_sent = !entry.sent.empty();
  response answer;
  std::exception_ptr failure;
  boost::asio::awaitable<response> rest = next(std::move(what));
  try {
    answer = co_await std::move(rest);
  } catch (...) {
    failure = std::current_exception();
  }
  if (failure) {
    entry.failure = describe(failure);
    log->add(std::move(entry));
    std::rethrow_exception(failure);
  }
  add_hops(*log, entry, answer);
  entry.url = answer.url().str();
  entry.status = answer.status();
  entry.version = answer.version();
  entry.reason = answer.reason();
  entry.answered = answer.headers();
  entry.received = answer.body();
  entry.timings = answer.timings();
  log->add(std::move(entry));
  co_return answer;
}

}  // namespace

har_recorder::har_recorder() : har_recorder(har_limits()) {}
har_recorder::har_recorder(const har_limits& limits) : log_(std::make_shared<har_log>(limits)) {}

middleware_function har_recorder::middleware() const {
  return [log = log_](request what, next_handler next) { return record(log, std::move(what), std::move(next)); };
}

void har_recorder::add(har_entry one) const { log_->add(std::move(one)); }

std::size_t har_recorder::size() const { return log_->size(); }

std::string har_recorder::str() const {
  return log_->json().dump(2, ' ', false, nlohmann::json::error_handler_t::replace);
}

void har_recorder::save(const std::filesystem::path& file) const {
  replace_file(file, str() + '\n', "save the archive");
}

}  // namespace braid::http
