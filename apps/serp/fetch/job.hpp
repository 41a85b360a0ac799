#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace braid::fetch {

/// One request: a query, an engine, a page.
struct job {
  job() = default;

  std::string query;
  std::string engine;
  unsigned page = 1;  ///< 1 is the first
  std::string gl;
  std::string hl;
  std::string device;
  std::string google_domain;
  std::string location;
  std::string safe;
  std::string tbs;
  unsigned num = 0;           ///< results a page; 0 for the engine's own
  unsigned start = 0;         ///< the first result, from 0; worked out from `page` when 0
  std::string url;            ///< what to get
  std::string id;             ///< the same for the same request in every run
  std::uint64_t ticket = 0;   ///< its place in --state
  std::string failed_before;  ///< the error code it ended with in an earlier run; empty for none

  // What became of it in this run so far.
  unsigned attempts = 0;
  std::optional<std::chrono::system_clock::time_point> begun;
};

/// What makes two requests the same.
std::string request_key(const job& what);
/// What others need to do it as well: request_key(), and the id where that is one of its own.
std::string job_text(const job& what);
/// request_key() as 32 hexadecimal digits.
std::string request_id(const job& what);

/// The engine's URL moved to an endpoint: its path is added to the endpoint's.
std::string at_endpoint(const std::string& url, const std::string& endpoint);

}  // namespace braid::fetch
