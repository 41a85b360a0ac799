#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace braid::http {

/// Sans-io reader of the chunked transfer coding, as strict as RFC 9112, 7.1 allows. Not Beast's, which lets control
/// bytes stand in extensions, reads past the end of a line for a quote that is not closed, and asserts on short input.
class chunk_reader {
 public:
  enum class outcome : std::uint8_t {
    need_more,  ///< call again with what was not consumed and more behind it
    data,       ///< data() is the next piece
    end,        ///< the last chunk and the trailers are read
    malformed,
    bad_trailer,
    too_long,  ///< a size line, or the trailers together
  };

  explicit chunk_reader(std::size_t line_limit) : line_limit_(line_limit) {}

  /// `lenient` takes lines that end with LF alone, and anything behind a size.
  void reset(bool lenient = false);
  /// Reads up to the next outcome; consumed() bytes of `input` are done with.
  outcome read(std::string_view input);
  std::size_t consumed() const { return consumed_; }
  std::string_view data() const { return data_; }
  /// The lines behind the last chunk, without the empty one. After `end`.
  const std::string& trailers() const { return trailers_; }

 private:
  enum class stage : std::uint8_t { size, data, data_end, trailers, done };

  outcome read_size(std::string_view line);
  outcome read_line(std::string_view rest);

  std::size_t line_limit_;
  std::size_t consumed_ = 0;
  std::size_t searched_ = 0;       // of the line at the front of the input, without its end in it
  std::size_t trailer_bytes_ = 0;  // that are read
  std::uint64_t left_ = 0;         // of the chunk
  std::string_view data_;
  std::string trailers_;
  bool lenient_ = false;
  stage stage_ = stage::size;
};

}  // namespace braid::http
