#include <braid/core/error.hpp>
#include <cstdio>
#include <exception>

#include "command_line.hpp"
#include "compare_command.hpp"
#include "load_command.hpp"
#include "modes_command.hpp"
#include "sweep_command.hpp"

int main(int argc, char** argv) {
  constexpr int nothing_done = 3;
  try {
    auto parsed = braid::bench::parse_command_line(argc, argv);
    if (const auto* answer = std::get_if<braid::bench::early_exit>(&parsed)) {
      std::fputs(answer->text.c_str(), answer->code == 0 ? stdout : stderr);
      return answer->code;
    }
    if (const auto* load = std::get_if<braid::bench::load_options>(&parsed)) {
      return braid::bench::run_load_command(*load);
    }
    if (const auto* compare = std::get_if<braid::bench::compare_options>(&parsed)) {
      return braid::bench::run_compare(*compare);
    }
    if (const auto* sweep = std::get_if<braid::bench::sweep_options>(&parsed)) {
      return braid::bench::run_sweep(*sweep);
    }
    return braid::bench::run_modes(std::get<braid::bench::modes_options>(parsed));
  } catch (const std::exception& e) {
    std::fprintf(stderr, "braid-bench: %s\n", e.what());
    return nothing_done;
  }
}
