#pragma once

#include <string>
#include <variant>

#include "bench/claims/claims_options.hpp"
#include "bench/compare/compare_options.hpp"
#include "bench/load/load_options.hpp"
#include "bench/run/options.hpp"
#include "bench/sweep/sweep_options.hpp"

namespace braid::bench {

/// The command line was answered or refused: print `text` (to stderr when code is not 0) and exit with `code`.
struct early_exit {
  int code = 0;
  std::string text;
};

using command = std::variant<modes_options, load_options, compare_options, sweep_options, claims_options, early_exit>;

command parse_command_line(int argc, const char* const* argv);

}  // namespace braid::bench
