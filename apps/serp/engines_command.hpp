#pragma once

#include <string>

namespace braid::app {

struct engines_options {
  std::string folder;
};

int run_engines_list(const engines_options& options);
/// The definition as it was written.
int run_engines_show(const engines_options& options, const std::string& engine);
/// Says what is wrong with a definition, where; exit code 1 then.
int run_engines_check(const std::string& file);

}  // namespace braid::app
