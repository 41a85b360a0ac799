#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include <braid/core/error.hpp>
#include <braid/http/multipart.hpp>
#include <braid/testing/run_virtual.hpp>

using namespace braid;
using namespace braid::http;

namespace {

std::string body_of(const multipart_form& form) {
  std::string all;
  testing::run_virtual([&]() -> awaitable<void> {
    const request::body_source next = form.source();
    for (;;) {
      awaitable<std::string> making = next();
      const std::string piece = co_await std::move(making);
      if (piece.empty()) break;
      all += piece;
    }
  });
  return all;
}

}  // namespace

TEST_CASE("a form has its fields and files between boundaries") {
  const std::string path =
      (std::filesystem::temp_directory_path() / ("braid-form-" + std::to_string(getpid()))).string();
  std::ofstream(path, std::ios::binary) << std::string(200'000, 'x');
  multipart_form form("b");
  form.field("na\"me\r\n", "value").file("f", path, "text/plain");
  const std::string name = std::filesystem::path(path).filename().string();
  const std::string wanted =
      "--b\r\nContent-Disposition: form-data; name=\"na%22me%0D%0A\"\r\n\r\nvalue\r\n"
      "--b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"" +
      name + "\"\r\nContent-Type: text/plain\r\n\r\n" + std::string(200'000, 'x') + "\r\n--b--\r\n";
  CHECK(body_of(form) == wanted);
  CHECK(form.length() == wanted.size());
  CHECK(form.content_type() == "multipart/form-data; boundary=b");
  form.escape_with_backslash(true);
  CHECK(body_of(form).find("na\\\"me%0D%0A") != std::string::npos);
  std::filesystem::remove(path);
  CHECK_THROWS_AS(body_of(form), io_error);
}

TEST_CASE("several files under one name are parts of their own") {
  multipart_form form("b");
  multipart_form::part one, other, both;
  one.file_name = "1.txt";
  one.text = "first";
  other.file_name = "2.txt";
  other.type = "text/plain";
  other.text = "second";
  both.name = "files";
  both.files = {one, other};
  form.add(both).disposition("attachment");
  const std::string body = body_of(form);
  const std::size_t mark = body.find("boundary=") + 9;
  const std::string inner = body.substr(mark, body.find("\r\n", mark) - mark);
  CHECK(body == "--b\r\nContent-Disposition: attachment; name=\"files\"\r\nContent-Type: multipart/mixed; boundary=" +
                    inner + "\r\n\r\n--" + inner +
                    "\r\nContent-Disposition: attachment; filename=\"1.txt\"\r\n\r\nfirst\r\n--" + inner +
                    "\r\nContent-Disposition: attachment; filename=\"2.txt\"\r\nContent-Type: text/plain\r\n\r\n"
                    "second\r\n--" +
                    inner + "--\r\n\r\n--b--\r\n");
  CHECK(form.length() == body.size());
  both.files[0].files = {other};
  CHECK_THROWS_AS(form.add(both), invalid_argument);
  CHECK_THROWS_AS(form.disposition("a b"), invalid_argument);
}

TEST_CASE("what would break a form is refused") {
  multipart_form form;
  CHECK(form.boundary().size() == 46);
  CHECK(form.boundary() != multipart_form().boundary());
  CHECK_THROWS_AS(multipart_form("a b"), invalid_argument);
  CHECK_THROWS_AS(form.file("f", "/no/such/file"), io_error);
  multipart_form::part part;
  part.headers.push_back("X: y\r\nZ: w");
  CHECK_THROWS_AS(form.add(part), invalid_argument);
  CHECK(media_type_of("a.PNG") == "image/png");
  CHECK(media_type_of("a") == "application/octet-stream");
}
