#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "load_options.hpp"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace braid::bench {

/// The options of `braid-bench load`, while a command line is parsed.
///
/// Lifetime: as long as the App that parses into it.
class load_arguments {
 public:
  explicit load_arguments(CLI::App& app);

  /// Throws CLI::ValidationError for options that contradict each other and for a mix that cannot be read.
  load_options take();

 private:
  void add_work(CLI::App& app);
  void add_connections(CLI::App& app);

  load_options options_;
  // As they are collected, before they have types.
  std::string run_for_ = "2s";
  std::string warm_up_ = "500ms";
  std::string timeout_ = "30s";
  std::string contexts_ = "1";
  std::string progress_ = "auto";
  std::string figure_ = "target";
  std::string mix_file_;
  std::string method_ = "GET";
  std::string body_;
  std::vector<std::string> fields_;
  std::uint64_t requests_ = 0;
  double rate_ = 0;
  CLI::Option* requests_given_ = nullptr;
  CLI::Option* rate_given_ = nullptr;
  CLI::Option* mix_given_ = nullptr;
};

}  // namespace braid::bench
