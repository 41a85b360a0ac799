#pragma once

#include <braid/http/request.hpp>
#include <braid/http/response.hpp>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "job.hpp"

namespace braid::fetch {

/// What an engine's definition makes of a page.
struct page_reading {
  page_reading() = default;

  std::string page_kind;
  nlohmann::ordered_json parser;    ///< {engine, version, status}
  nlohmann::ordered_json members;   ///< the record without search_metadata
  std::vector<std::string> fallen;  ///< what fell under the definition's baseline with this page, each once
};

/// How often a field of an engine's records was filled.
struct field_count {
  field_count() = default;

  std::string engine;
  std::string name;  ///< "organic_results.snippet"
  std::uint64_t rows = 0, filled = 0;
  std::optional<double> expected;  ///< the share that the definition expects
};

/// The one place where fetching meets the engine definitions.
///
/// Threads: const members are called on every context at the same time.
class engine_pages {
 public:
  virtual ~engine_pages() = default;

  /// The names of --engine.
  virtual std::vector<std::string> engines() const = 0;
  /// The engine's own URL for a job.
  virtual std::string url(const job& what) const = 0;
  /// Adds the header fields that the engine wants.
  virtual void prepare(const job& what, http::request& request) const = 0;
  /// What kind of page an answer is, without looking for results.
  virtual std::string page_kind(const job& what, const http::response& response) const = 0;
  /// Throws what makes the page unreadable.
  virtual page_reading read(const job& what, const http::response& response) const = 0;
  /// Over all pages read, by engine and name.
  virtual std::vector<field_count> fields() const { return {}; }
  /// What is under the definitions' baselines over all pages read, one a line.
  virtual std::vector<std::string> fallen() const { return {}; }
};

}  // namespace braid::fetch
