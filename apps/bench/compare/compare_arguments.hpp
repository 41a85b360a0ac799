#pragma once

#include "compare_options.hpp"

namespace CLI {
class App;
}

namespace braid::bench {

/// The options of `braid-bench compare`, while a command line is parsed.
///
/// Lifetime: as long as the App that parses into it.
class compare_arguments {
 public:
  explicit compare_arguments(CLI::App& app);

  compare_options take() const;

 private:
  compare_options options_;
  double least_percent_ = 2;
};

}  // namespace braid::bench
