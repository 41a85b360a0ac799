#pragma once

#include <string>

#include "claims_options.hpp"

namespace CLI {
class App;
}

namespace braid::bench {

/// The options of `braid-bench claims`, while a command line is parsed.
///
/// Lifetime: as long as the App that parses into it.
class claims_arguments {
 public:
  explicit claims_arguments(CLI::App& app);

  /// Throws CLI::ValidationError for a duration of nothing.
  claims_options take() const;

 private:
  claims_options options_;
  std::string contexts_ = "auto";
  std::string run_for_ = "1s";
  std::string progress_ = "auto";
};

}  // namespace braid::bench
