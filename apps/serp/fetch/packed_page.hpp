#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace braid::fetch {

/// A page as --save-html keeps it: one zstd frame with a checksum (RFC 8878).
std::string pack_page(std::string_view page);

/// Does it begin as pack_page() and zstd(1) have it?
bool is_packed(std::string_view bytes);

/// The pages of all frames, one after another, as zstd -d has it. `name` is for messages.
///
/// Throws: decode_error for a frame that is broken or cut off, limit_error past `most` bytes.
std::string unpack_page(std::string_view bytes, const std::string& name, std::size_t most = std::size_t{256} << 20U);

}  // namespace braid::fetch
