#include <braid/core/error.hpp>
#include <cstdio>
#include <exception>
#include <variant>

#include "bench/claims/claims_command.hpp"
#include "bench/compare/compare_command.hpp"
#include "bench/load/load_command.hpp"
#include "bench/modes/modes_command.hpp"
#include "bench/sweep/sweep_command.hpp"
#include "command_line.hpp"

namespace braid::bench {
namespace {

int run(const early_exit& answer) {
  std::fputs(answer.text.c_str(), answer.code == 0 ? stdout : stderr);
  return answer.code;
}
int run(const modes_options& options) { return run_modes(options); }
int run(const load_options& options) { return run_load_command(options); }
int run(const compare_options& options) { return run_compare(options); }
int run(const sweep_options& options) { return run_sweep(options); }
int run(const claims_options& options) { return run_claims(options); }

}  // namespace
}  // namespace braid::bench

int main(int argc, char** argv) {
  constexpr int nothing_done = 3;
  try {
    const auto parsed = braid::bench::parse_command_line(argc, argv);
    return std::visit([](const auto& what) { return braid::bench::run(what); }, parsed);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "braid-bench: %s\n", e.what());
    return nothing_done;
  }
}
