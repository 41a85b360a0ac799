#pragma once

#include <string>

namespace braid::app {

/// The bytes of a saved page; "-" is stdin; gzip and zstd are undone, whatever the file is called.
///
/// Throws: io_error, decode_error for broken gzip or zstd, limit_error past 256 MiB.
std::string read_page(const std::string& file);

}  // namespace braid::app
