#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace braid::net {

/// What comes behind the head of a proxy's refusal, passed over so that the connection can be used for another try.
/// Sans-io.
class refusal_body {
 public:
  enum class outcome : std::uint8_t { more, end, too_long, broken };

  /// A field of the head, its name in lower case.
  void take_field(std::string_view lower_name, std::string_view value);
  /// The head is over: false where the connection is good for nothing more, or nothing says where the body ends.
  bool begin(bool http_1_1);

  /// `too_long` also where bytes follow it.
  outcome take(std::string_view input);
  /// At most so many bytes belong to it, of what is known.
  std::size_t wanted() const noexcept;

 private:
  enum class stage : std::uint8_t { sized, size, extension, data, data_end, trailer };

  outcome take_chunked(char c);

  std::uint64_t left_ = 0;   // of the body, or of the chunk
  std::size_t taken_ = 0;    // with the framing
  std::size_t digits_ = 0;   // of the chunk's size
  std::size_t in_line_ = 0;  // of the trailer
  stage stage_ = stage::sized;
  bool has_length_ = false;
  bool bad_length_ = false;
  bool coded_ = false;  // any Transfer-Encoding
  bool chunked_ = false;
  bool closes_ = false;
};

}  // namespace braid::net
