// Cookies as curl keeps them.
#include "../../apps/get/cookie_box.hpp"

#include <catch2/catch.hpp>

using namespace braid;
using namespace braid::get;

namespace {

constexpr std::int64_t now = 1'800'000'000;

http::headers setting(std::initializer_list<const char*> fields) {
  http::headers out;
  for (const char* const one : fields) out.add("Set-Cookie", one);
  return out;
}

std::string lines_of(const cookie_box& box) {
  const std::string all = box.write(now);
  return all.substr(all.find("\n\n") + 2);
}

}  // namespace

TEST_CASE("cookies are written newest first, with what curl makes of path, domain and date") {
  cookie_box box;
  const url from = url::parse("http://www.Example.org/a/b?c");
  box.store(from,
            setting({"one=1", "two=2; Domain=.EXAMPLE.org; Path=\"/x/\"; HttpOnly", "three=3; Max-Age=99999999999",
                     "four=4; Expires=Sat, 13 Feb 2027 11:56:27 GMT", "bad=1; Domain=org", "other=1; Domain=else.org",
                     "secure=1; Secure", "no-value", "ta\tb=1"}),
            now);
  CHECK(lines_of(box) ==
        "www.example.org\tFALSE\t/a\tFALSE\t1802519787\tfour\t4\n"
        "www.example.org\tFALSE\t/a\tFALSE\t1834560000\tthree\t3\n"
        "#HttpOnly_.EXAMPLE.org\tTRUE\t/x\tFALSE\t0\ttwo\t2\n"
        "www.example.org\tFALSE\t/a\tFALSE\t0\tone\t1\n");
  box.store(from, setting({"one=again", "four=; Max-Age=0"}), now);
  CHECK(box.line_for(url::parse("http://www.example.org/a/z"), now) == "three=3; one=again");
  CHECK(box.line_for(url::parse("http://example.org/x"), now) == "two=2");
  CHECK(box.line_for(url::parse("http://example.com/x"), now).empty());
}

TEST_CASE("cookies are sent by length of path, domain and name") {
  cookie_box box;
  box.store(url::parse("http://a.example.org/p/q"),
            setting({"a=1", "b=2", "long=3", "d=4; Domain=example.org", "p=5; Path=/", "q=6; Path=/p/q"}), now);
  CHECK(box.line_for(url::parse("http://a.example.org/p/q"), now) == "q=6; long=3; b=2; a=1; d=4; p=5");
}

TEST_CASE("cookie files and heads in files are read") {
  cookie_box box;
  box.read(
      "# comment\n.example.org\tTRUE\t/\tFALSE\t22139150993\tfar\taway\r\nexample.org\tFALSE\tTRUE\t0\tno-path\tx\n"
      "example.org\tFALSE\t/\tFALSE\t0\tempty\n.co.uk\tTRUE\t/\tFALSE\t0\tbad\t1\nnonsense\n"
      "HTTP/1.1 200 OK\nSet-Cookie: head=1; path=/\n",
      true, now);
  CHECK(box.line_for(url::parse("https://example.org/"), now) == "no-path=x; empty=; far=away; head=1");
  CHECK(box.line_for(url::parse("http://example.org/"), now) == "empty=; far=away; head=1");
  CHECK(lines_of(box).find("22139150993") != std::string::npos);
  cookie_box kept;
  kept.read(box.write(now), false, now);
  CHECK(kept.line_for(url::parse("https://example.org/"), now) == "far=away");
}

TEST_CASE("a cookie does not hide one that is Secure and promises are kept") {
  cookie_box box;
  box.store(url::parse("https://example.org/"), setting({"a=safe; Secure; Path=/x"}), now);
  box.store(url::parse("http://example.org/"),
            setting({"a=1; Path=/x/y", "a=2; Path=/z", "__Secure-b=1", "__Host-c=1; Path=/"}), now);
  CHECK(box.line_for(url::parse("https://example.org/x/y"), now) == "a=safe");
  CHECK(box.line_for(url::parse("http://example.org/z"), now) == "a=2");
}

TEST_CASE("cookies have bounds") {
  cookie_box box;
  http::headers many;
  for (int i = 0; i < 60; ++i) many.add("Set-Cookie", "n" + std::to_string(i) + "=" + std::string(300, 'v'));
  box.store(url::parse("http://h.example/"), many, now);
  box.store(url::parse("http://h.example/"), setting({("big=" + std::string(4096, 'x')).c_str()}), now);
  const std::string all = box.write(now);
  CHECK(std::count(all.begin(), all.end(), '\n') == 50 + 4);
  const std::string line = box.line_for(url::parse("http://h.example/"), now);
  CHECK(line.size() < 8190);
  CHECK(line.size() > 7800);
}
