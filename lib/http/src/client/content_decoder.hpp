#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include <braid/http/headers.hpp>

#include "client/coding.hpp"

namespace braid::http {

/// What the Accept-Encoding header says: exactly what content_decoder knows.
inline constexpr std::string_view accepted_codings = "gzip, deflate, br, zstd";

/// Undoes the content codings of a body, as a stream, however many the server applied, and stops bombs.
///
///     decoder.feed(piece, [&](std::string_view text) { ... });   // for each piece
///     decoder.finish();                                          // throws decode_error if something is missing
///
/// Memory: 64 KiB for each coding, whatever the data claim.
class content_decoder {
 public:
  /// The decoder for a response; null when nothing is to be undone: no Content-Encoding, or one that is not known.
  /// Throws: decode_error for a chain that no honest server sends.
  static std::unique_ptr<content_decoder> of(const headers& fields, std::uint64_t ratio_limit);

  content_decoder(std::vector<std::unique_ptr<coding>> in_order, std::uint64_t ratio_limit);

  /// The next piece that can be decoded from `input`, whose front is used up; empty when there is none without more
  /// input. Throws: decode_error; limit_error for more than `ratio_limit` bytes out of one.
  std::string_view next(std::string_view& input);

  template <class Sink>
  void feed(std::string_view input, Sink sink) {
    for (;;) {
      const std::string_view piece = next(input);
      if (piece.empty()) return;
      sink(piece);
    }
  }

  /// The body has ended. Throws: decode_error when the coded data have not.
  void finish() const;

 private:
  struct stage {
    std::unique_ptr<coding> decode;
    std::unique_ptr<char[]> buffer;
    std::string_view left;  // of the buffer, for the stage behind
  };

  std::string_view pull(std::size_t index, std::string_view& input);

  std::vector<stage> stages_;  // in the order of decoding
  std::uint64_t ratio_limit_;
  std::uint64_t taken_ = 0;
  std::uint64_t given_ = 0;
};

}  // namespace braid::http
