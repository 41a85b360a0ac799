#pragma once

#include <string>
#include <string_view>

namespace braid::get {

/// How -d, --data-raw and --data-binary read their argument.
enum class data_kind { ascii, raw, binary };

/// What an argument stands for: itself or, after '@', the content of a file ("-" is standard input), from which `ascii`
/// takes the line ends out. Throws: get_error (26) for a file that cannot be read.
std::string body_text(std::string_view argument, data_kind kind);

/// As --data-urlencode reads it: "text", "=text", "name=text", "@file", "name@file"; the text or file is
/// percent-encoded. Throws: get_error (26).
std::string encoded_text(std::string_view argument);

enum class space_form { percent, plus };

/// All but letters, digits and "-._~" as %XX.
std::string percent_encoded(std::string_view text, space_form spaces = space_form::percent);

/// All of a file, "-" standard input. Throws: get_error (26).
std::string file_content(const std::string& name);

}  // namespace braid::get
