#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <braid/serp/search_request.hpp>

namespace braid::serp {

struct definition;

/// An engine definition, ready for use. A cheap handle.
///
/// Threads: it does not change; use one from as many threads as you like.
class engine {
 public:
  explicit engine(std::shared_ptr<const definition> loaded) : definition_(std::move(loaded)) {}

  /// Reads a definition (JSON, described by engine.schema.json). `source` is what messages call it.
  ///
  /// Throws: invalid_argument, beginning with "source:line:column: ".
  static engine load(std::string_view json, std::string_view source);

  /// What --engine calls it.
  const std::string& name() const;
  const std::string& title() const;
  const std::string& version() const;
  /// The definition as it was written.
  const std::string& source() const;
  /// The blocks it can find: "organic_results", ...
  std::vector<std::string> blocks() const;

  const definition& rules() const { return *definition_; }

 private:
  std::shared_ptr<const definition> definition_;
};

/// A request for an engine: what to get, and with what header fields.
struct engine_request {
  engine_request() = default;
  std::string url;
  std::vector<std::pair<std::string, std::string>> headers;
};

/// Throws: invalid_argument for an empty query or a page below 1.
engine_request build_request(const engine& of, const search_request& what);
/// The URL of build_request() alone.
std::string build_url(const engine& of, const search_request& what);

}  // namespace braid::serp
