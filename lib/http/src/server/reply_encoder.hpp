#pragma once

#include <cstddef>
#include <cstdint>
#include <ctime>
#include <string>
#include <string_view>

#include <braid/http/reply.hpp>

namespace braid::http {

/// "200 OK"'s second half; "Unknown" for codes without a name.
std::string_view reason_phrase(int status);

/// Writes replies into a string that the caller sends. Sans-io: the only thing it takes from outside is the time.
class reply_encoder {
 public:
  /// How the body goes out behind the head.
  enum class framing : std::uint8_t { none, length, chunked, until_close };

  struct plan {
    framing body = framing::none;
    bool keep_alive = false;
  };

  /// What a reply to this request must look like: HEAD, 204 and 304 carry no body, HTTP/1.0 knows no chunks.
  static plan decide(const reply& answer, std::string_view method, int version, bool keep_alive);
  /// Appends the head.
  void head(std::string& out, const reply& answer, const plan& how, int version, std::time_t now);
  /// Appends the lines of the fields alone, without those that are about an HTTP/1.1 connection.
  void fields(std::string& out, const reply& answer, const plan& how, std::time_t now);
  static void chunk_begin(std::string& out, std::size_t size);
  static constexpr std::string_view chunk_end = "\r\n";
  static constexpr std::string_view last_chunk = "0\r\n\r\n";

 private:
  void date(std::string& out, std::time_t now);

  std::time_t date_second_ = -1;
  std::string date_line_;
};

}  // namespace braid::http
