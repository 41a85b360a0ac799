#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "options.hpp"

namespace braid::get {

/// An option: what it is called, what it takes, what it does.
struct option {
  char letter;  // 0 for none
  std::string_view name;
  std::string_view value;  // what --help calls it; empty for a flag
  std::string_view help;   // empty leaves it out of --help
  /// A flag is given "1", and "" for its --no- form. Throws: get_error.
  void (*apply)(command_line& to, const std::string& value);
};

/// A heading of --help with its options.
struct option_group {
  std::string_view title;
  std::span<const option> options;
};

std::span<const option> output_options();
std::span<const option> request_options();
std::span<const option> sign_in_options();
std::span<const option> connection_options();
std::span<const option> proxy_options();
std::span<const option> security_options();
std::span<const option> time_options();
std::span<const option> program_options();

std::vector<option_group> option_groups();

/// Null for what is none.
const option* find_option(char letter);
const option* find_option(std::string_view name);

}  // namespace braid::get
