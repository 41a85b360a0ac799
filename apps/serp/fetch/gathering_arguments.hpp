#pragma once

#include <stdexcept>
#include <string>
#include <vector>

#include "options.hpp"

namespace CLI {
class App;
}

namespace braid::fetch {

/// A command line that cannot be meant; what() says what is wrong with it.
class usage_error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// "a, b, c".
std::string list_of(const std::vector<std::string>& names);

/// Throws usage_error for an engine that has no definition.
void require_known(const std::string& engine, const std::vector<std::string>& known);

/// The options of a command line that say how pages are gathered: those of fetch and of serve.
///
/// Lifetime: outlives the parsing of the command line they were added to.
class gathering_arguments {
 public:
  void add_to(CLI::App& app, fetch_options& options);
  /// Fills in what the parsing left as text. Throws usage_error.
  void check(fetch_options& options, const std::vector<std::string>& known) const;

 private:
  std::vector<scrape::proxy_entry> proxies() const;

  std::vector<std::string> endpoints_;
  std::string contexts_ = "1";
  std::string concurrency_ = "10";
  std::string suspend_;
  std::vector<std::string> proxies_;
  std::string proxies_file_;
  std::string proxy_tag_;
  double rate_ = -1;
  double timeout_ = 30;
};

}  // namespace braid::fetch
