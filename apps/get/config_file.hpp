#pragma once

#include <string>

#include "options.hpp"

namespace braid::get {

/// Reads a file of options, one a line, "-" standard input: "name", "name value", "name = value", "name: value", with
/// or without dashes; values may be quoted ("\"", "\\", "\n", "\r", "\t", "\v" in quotes); lines that begin with # are
/// comments. Throws: get_error (26 for a file that cannot be read, else 2).
void read_config(command_line& to, const std::string& file);

/// Reads curl's file of the user's own options, from where curl looks for it: $CURL_HOME/.curlrc,
/// $XDG_CONFIG_HOME/curlrc, $HOME/.curlrc, $CURL_HOME/.config/curlrc, $HOME/.config/curlrc, the first that can be read.
/// What braid-get does not know is warned of and passed over. Gives back the file's name, empty for none.
std::string read_own_config(command_line& to);

}  // namespace braid::get
