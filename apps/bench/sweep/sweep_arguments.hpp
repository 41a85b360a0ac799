#pragma once

#include <cstdint>
#include <string>

#include "sweep_options.hpp"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace braid::bench {

/// The options of `braid-bench sweep`, while a command line is parsed.
///
/// Lifetime: as long as the App that parses into it.
class sweep_arguments {
 public:
  explicit sweep_arguments(CLI::App& app);

  /// Throws CLI::ValidationError for options that contradict each other.
  sweep_options take() const;

 private:
  modes_options cell_;
  // As they are collected, before they have types.
  std::string contexts_;
  std::string concurrency_ = "1..64";
  std::string run_for_ = "500ms";
  std::string latency_ = "2ms";
  std::string warm_up_ = "100ms";
  std::string page_bytes_ = "32K";
  std::string progress_ = "auto";
  std::uint64_t requests_ = 0;
  CLI::Option* requests_given_ = nullptr;
};

}  // namespace braid::bench
