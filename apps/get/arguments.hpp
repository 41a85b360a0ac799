#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "options.hpp"

namespace braid::get {

/// Reads the arguments after the program's name into `to`. Throws: get_error (2), and what options throw.
void read_arguments(command_line& to, const std::vector<std::string>& arguments);

/// Applies the option of this name, with or without "no-" before it; `what` is how messages call it. A flag leaves
/// `value` alone. True when the value was used. Throws: get_error (2).
bool apply_named(command_line& to, std::string_view name, const std::string* value, const std::string& what);

/// Applies short options, "-sSo" with `next` for a file's name, "-oFILE". True when `next` was used. Throws: get_error
/// (2).
bool apply_letters(command_line& to, const std::string& word, const std::string* next);

/// Whether the command line begins with what stands in the user's own file: not with -q as its first argument.
bool wants_own_config(const std::vector<std::string>& arguments);

}  // namespace braid::get
