#pragma once

#include <string>
#include <string_view>

namespace braid::get {

/// How -d, --data-raw and --data-binary read their argument.
enum class data_kind { ascii, raw, binary };

/// What an argument stands for: itself or, after '@', the content of a file ("-" is standard input), from which `ascii`
/// takes the line ends out. Throws: get_error (26) for a file that cannot be read.
std::string body_text(std::string_view argument, data_kind kind);

}  // namespace braid::get
