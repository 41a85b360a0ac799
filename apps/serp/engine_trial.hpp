#pragma once

#include <string>

#include "engines_command.hpp"

namespace braid::app {

enum class trial_output { table, json, baseline };

/// Parses the pages of a folder (see read_index()) and tells, per engine, how much of what they hold was found and how
/// often each field was filled. Engines without a definition are named and left out. Exit code 3 without any page, 1
/// where an engine fell under its definition's own baseline.
int run_engines_test(const engines_options& options, const std::string& folder, trial_output output);

}  // namespace braid::app
