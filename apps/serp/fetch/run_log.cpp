#include "run_log.hpp"

#include <braid/core/error.hpp>
#include <chrono>
#include <utility>

namespace braid::fetch {
namespace {

const char* text_of(outcome what) {
  return what == outcome::success ? "done" : what == outcome::blocked ? "blocked" : "failed";
}

}  // namespace

run_log_shared::run_log_shared(const std::string& file) {
  if (file.empty()) return;
  file_ = std::make_unique<scrape::output_file>(file, scrape::output_file::mode::append);
}

void run_log_shared::write(const char* event, nlohmann::ordered_json facts) {
  if (!file_) return;
  nlohmann::ordered_json line;
  line["time"] = iso_time(std::chrono::system_clock::now());
  line["event"] = event;
  line.update(facts);
  const auto text = line.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + '\n';
  const std::lock_guard lock(mutex_);
  if (!trouble_.empty()) return;
  try {
    file_->write(text);
  } catch (const io_error& e) {
    trouble_ = e.what();
  }
}

void run_log_shared::attempt(const job& what, const request_facts& facts, duration time,
                             const std::exception_ptr& failure) {
  if (!file_) return;
  nlohmann::ordered_json line;
  line["id"] = what.id;
  line["engine"] = what.engine;
  line["attempt"] = facts.attempts;
  line["seconds"] = std::chrono::duration<double>(time).count();
  if (facts.http_status != 0) line["http_status"] = facts.http_status;
  if (!facts.proxy_name.empty()) line["proxy"] = facts.proxy_name;
  if (facts.from_cache) line["from_cache"] = true;
  if (failure) line["error"] = error_of(failure);
  write("attempt", std::move(line));
}

void run_log_shared::saved(const job& what, const record& made) {
  if (!file_) return;
  nlohmann::ordered_json line;
  line["id"] = what.id;
  line["engine"] = what.engine;
  line["q"] = what.query;
  line["page"] = what.page;
  line["outcome"] = text_of(made.what);
  if (!made.page_kind.empty()) line["page_kind"] = made.page_kind;
  if (!made.error_code.empty()) line["error"] = made.error_code;
  write("record", std::move(line));
}

std::string run_log_shared::trouble() const {
  const std::lock_guard lock(mutex_);
  return trouble_;
}

}  // namespace braid::fetch
