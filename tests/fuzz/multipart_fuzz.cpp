// libFuzzer target: a form's names, file names and texts of any bytes. Names stay in their line and their quotes, and
// the length that is told is the length that is sent.
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <cstdlib>
#include <string>

#include <braid/core/error.hpp>
#include <braid/http/multipart.hpp>

using namespace braid::http;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

std::string body_of(const multipart_form& form) {
  std::string out;
  boost::asio::io_context io(1);
  const auto read = [&]() -> boost::asio::awaitable<void> {
    const request::body_source source = form.source();
    for (;;) {
      const std::string piece = co_await source();
      if (piece.empty()) co_return;
      out += piece;
    }
  };
  boost::asio::co_spawn(io, read, boost::asio::detached);
  io.run();
  return out;
}

std::size_t count(std::string_view text, std::string_view piece) {
  std::size_t out = 0;
  for (auto at = text.find(piece); at != text.npos; at = text.find(piece, at + piece.size())) ++out;
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::string_view name = input.substr(0, size / 3), file = input.substr(size / 3, size / 3);
  multipart_form form("a-boundary");
  multipart_form::part one;
  one.name = name;
  one.file_name = std::string(file);
  one.type = size % 2 == 0 ? "text/plain" : std::string(input.substr(2 * (size / 3)));
  one.text = "the text";
  try {
    form.add(std::move(one));
  } catch (const braid::invalid_argument&) {
    return 0;
  }
  const std::string body = body_of(form);
  require(body.size() == form.length());
  require(count(body, "\r\n\r\n") == 1 && count(body, "\n") == count(body, "\r\n"));
  const std::string_view head = std::string_view(body).substr(0, body.find("\r\n\r\n"));
  require(head.starts_with("--a-boundary\r\nContent-Disposition: form-data"));
  const std::string_view line = head.substr(14, head.find("\r\n", 14) - 14);
  require(count(line, "\"") == (name.empty() ? 2 : 4));
  require(count(head, "\r\n") <= 2);
  require(body.ends_with("\r\n\r\nthe text\r\n--a-boundary--\r\n"));
  return 0;
}
