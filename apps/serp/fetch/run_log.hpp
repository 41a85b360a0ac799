#pragma once

#include <braid/core/clock.hpp>
#include <braid/scrape/output_file.hpp>
#include <exception>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>
#include <string>

#include "job.hpp"
#include "record.hpp"

namespace braid::fetch {

/// --log: what happens in a run as JSON, an event a line: begin, attempt, record, note, end.
///
/// A log that cannot be written any more ends there, and trouble() says why: a run is worth more than its log.
/// Threads: shared by all contexts; each event is one write.
class run_log_shared {
 public:
  /// An empty name: nothing is written. Appends. Throws: io_error.
  explicit run_log_shared(const std::string& file);

  bool is_on() const noexcept { return file_ != nullptr; }
  /// `facts` joins what every event has: time and event.
  void write(const char* event, nlohmann::ordered_json facts);
  /// One request: null `failure` for a page.
  void attempt(const job& what, const request_facts& facts, duration time, const std::exception_ptr& failure);
  /// A record that is safe.
  void saved(const job& what, const record& made);
  /// Why writing ended; empty when it did not.
  std::string trouble() const;

 private:
  mutable std::mutex mutex_;
  std::unique_ptr<scrape::output_file> file_;
  std::string trouble_;
};

}  // namespace braid::fetch
