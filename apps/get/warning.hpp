#pragma once

#include <string>

#include "options.hpp"

namespace braid::get {

/// "Warning: ..." on standard error in lines of 79 columns, unless -s.
void warn(const global_options& options, const std::string& text);

/// "Note: ..." likewise, with -v or a trace.
void note(const global_options& options, const std::string& text);

/// "braid-get: (22) ..." on standard error, unless -s without -S.
void complain(const global_options& options, int code, const std::string& text);

/// --stderr: where all of this goes from now on; "-" is standard output. Unchanged where the file cannot be opened.
void turn_errors_to(const std::string& file);

}  // namespace braid::get
