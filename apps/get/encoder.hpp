#pragma once

#include <string>
#include <string_view>

namespace braid::get {

/// What ;encoder= of -F makes of a part's content: "base64" in lines of 76 (RFC 2045, 6.8), "quoted-printable" (6.7),
/// "7bit", "8bit" and "binary", which change nothing. Throws: get_error 26 for bytes above 127 under "7bit",
/// 43 for any other word.
std::string encoded_content(std::string_view content, std::string_view encoder);

}  // namespace braid::get
