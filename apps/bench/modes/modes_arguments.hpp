#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "bench/run/options.hpp"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace braid::bench {

/// The options of `braid-bench modes`, while a command line is parsed.
///
/// Lifetime: as long as the App that parses into it.
class modes_arguments {
 public:
  explicit modes_arguments(CLI::App& app);

  /// Throws CLI::ValidationError for options that contradict each other.
  modes_options take();

 private:
  modes_options options_;
  // As they are collected, before they have types.
  std::string run_for_;
  std::string latency_ = "100ms";
  std::string warm_up_ = "500ms";
  std::string page_bytes_ = "32K";
  std::string contexts_ = "auto";
  std::string progress_ = "auto";
  std::vector<std::string> only_;
  std::uint64_t requests_ = 0;
  std::uint64_t sequential_requests_ = 0;
  CLI::Option* requests_given_ = nullptr;
  CLI::Option* sequential_requests_given_ = nullptr;
};

}  // namespace braid::bench
