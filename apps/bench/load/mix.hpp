#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace braid::bench {

/// One kind of request in a mix.
struct mix_entry {
  std::uint64_t weight = 1;  ///< how often it comes, beside the weights of the others
  std::string method = "GET";
  std::string url;  ///< {n}: number of the request
  std::string body;
};

/// Reads a mix: a line each of `weight method url [body]`, the body to the end of the line. Empty lines and those that
/// begin with # are passed over. A URL that begins with / is on the server of `base`.
///
///     80 GET  /search?q=coffee+{n}
///     20 POST /items {"name": "cup"}
///
/// Throws: invalid_argument with the number of the line for anything else, for no lines at all and for more than
/// 10,000 of them.
std::vector<mix_entry> parse_mix(std::string_view text, std::string_view base);

/// The same from a file. Throws io_error for one that cannot be read or is larger than 16 MiB.
std::vector<mix_entry> read_mix(const std::string& file, std::string_view base);

}  // namespace braid::bench
