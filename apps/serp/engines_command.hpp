#pragma once

#include <string>

#include <braid/serp/registry.hpp>

namespace braid::app {

struct engines_options {
  std::string folder;
};

/// The standard definitions, and those of the folder over them.
serp::registry load_engines(const engines_options& options);
int run_engines_list(const engines_options& options);
/// The definition as it was written.
int run_engines_show(const engines_options& options, const std::string& engine);
/// Says what is wrong with a definition, where; exit code 1 then.
int run_engines_check(const std::string& file);

}  // namespace braid::app
