#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <braid/http/headers.hpp>

// What responses mean to a download, as functions of messages.

namespace braid::http {

/// A Content-Range of bytes (RFC 9110, 14.4). Without a range it is that of a 416.
struct content_range {
  std::optional<std::uint64_t> first;
  std::uint64_t last = 0;
  std::optional<std::uint64_t> total;

  content_range() = default;
};

/// Nothing for another unit, and for what contradicts itself.
std::optional<content_range> parse_content_range(std::string_view field);

/// What a later If-Range may name: a strong ETag; else a Last-Modified that is older than the response by a second or
/// more (RFC 9110, 8.8.2.2 and 13.1.5). Empty for none.
std::string strong_validator(const headers& response);

/// What is known of a file that is being fetched.
struct download_state {
  std::uint64_t received = 0;
  std::optional<std::uint64_t> total;
  std::string validator;

  download_state() = default;
};

enum class download_step : std::uint8_t {
  append,   ///< the body follows what is there
  replace,  ///< the body is the whole
  done,     ///< everything is there already
  restart,  ///< what is there is of no use: ask for the whole
  fail,     ///< a status that is none of a download's
};

/// What to do with the body of this response; `now` becomes what is known then. `whole_asked`: without a Range.
/// Throws: protocol_error, which says what does not fit; its text begins with `what`.
download_step judge_download(download_state& now, bool whole_asked, int status, const headers& fields,
                             const std::string& what);

}  // namespace braid::http
