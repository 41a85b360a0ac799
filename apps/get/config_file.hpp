#pragma once

#include <string>

#include "options.hpp"

namespace braid::get {

/// Reads a file of options, one a line, "-" standard input: "name", "name value", "name = value", "name: value", with
/// or without dashes; values may be quoted ("\"", "\\", "\n", "\r", "\t", "\v" in quotes); lines that begin with # are
/// comments. Throws: get_error (26 for a file that cannot be read, else 2).
void read_config(command_line& to, const std::string& file);

/// The user's own file, if there is one: $HOME/.braid-getrc.
void read_own_config(command_line& to);

}  // namespace braid::get
