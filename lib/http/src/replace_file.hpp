#pragma once

#include <filesystem>
#include <string_view>

namespace braid::http {

/// Puts a text in the place of a file, if there is one, at once: who reads it sees the old one or the new one, whole.
/// Throws: io_error, which begins with `doing` ("save the archive"); the old one is still there.
void replace_file(const std::filesystem::path& file, std::string_view text, std::string_view doing);

}  // namespace braid::http
