#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

namespace braid::http {

/// Undoes one content coding, as a stream. Bytes come in any pieces.
class coding {
 public:
  struct step {
    std::size_t consumed = 0;
    std::size_t produced = 0;
  };

  virtual ~coding() = default;

  /// Decodes from the front of `in` into `out`, until one of them is used up. Throws decode_error.
  virtual step run(std::string_view in, std::span<char> out) = 0;
  /// True when what came is whole, so that the stream may end here.
  virtual bool complete() const = 0;
};

std::unique_ptr<coding> make_gzip();
std::unique_ptr<coding> make_deflate();  ///< with zlib's header, or raw as some servers send it
std::unique_ptr<coding> make_brotli();
std::unique_ptr<coding> make_zstd();

}  // namespace braid::http
