#pragma once

#include <braid/core/clock.hpp>
#include <chrono>
#include <cstdint>
#include <exception>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "job.hpp"

namespace braid::fetch {

/// What happened on the way to a page, or to none.
struct request_facts {
  request_facts() = default;

  std::chrono::system_clock::time_point created_at;
  std::string engine_url;
  std::string final_url;
  int http_status = 0;  ///< 0 when there was no answer
  unsigned attempts = 0;
  unsigned context = 0;
  time_point answered{};
  std::optional<std::size_t> proxy;  ///< its place in the list
  std::string proxy_name;            ///< without credentials; empty for none
  bool from_cache = false;
  std::string raw_html_file;
};

/// A job that gathering gave up, after its last attempt.
class gather_error : public std::runtime_error {
 public:
  gather_error(request_facts facts, std::exception_ptr cause);

  const request_facts& facts() const noexcept { return facts_; }
  const std::exception_ptr& cause() const noexcept { return cause_; }

 private:
  request_facts facts_;
  std::exception_ptr cause_;
};

/// The site's robots.txt does not want the request.
class robots_refusal : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

enum class outcome : std::uint8_t { success, blocked, failed };

/// Which of these a page_kind of the parser is. A blocked page is never a success.
outcome outcome_of(std::string_view page_kind);

/// One record on its way to the file: its metadata, still to be completed, and the rest as the text it will be there.
struct record {
  record() = default;

  outcome what = outcome::failed;
  std::string error_code;           ///< empty for a success
  std::string page_kind;            ///< empty where there was no page
  std::string evidence;             ///< what showed that the page is none
  std::vector<std::string> fallen;  ///< what its page made fall under the definition's baseline
  std::string fallen_page;          ///< the page then
  nlohmann::ordered_json metadata;
  std::string rest;  ///< members after the metadata, without braces; or rows of CSV
};

/// The error block for a failure that ended a job.
nlohmann::ordered_json error_of(const std::exception_ptr& failure);
nlohmann::ordered_json make_error(std::string_view code, std::string_view message, bool retryable,
                                  std::string_view evidence);

/// search_metadata as far as it is known before the record is saved. `page_kind` may be empty: "unknown" then.
nlohmann::ordered_json make_metadata(const job& what, const request_facts& facts, std::string_view page_kind,
                                     bool success);

/// "2026-11-22T23:39:22.123Z".
std::string iso_time(std::chrono::system_clock::time_point when);

}  // namespace braid::fetch
