// braid-get against httpbin, under the server of werkzeug.
#include <algorithm>
#include <catch2/catch.hpp>
#include <optional>

#include "../include/child_program.hpp"
#include "program.hpp"

using namespace get_test;

namespace {

class httpbin {
 public:
  static bool missing() {
    if (::access("/usr/lib/python3/dist-packages/httpbin/__init__.py", R_OK) == 0) return false;
    WARN("SKIPPED: no python3-httpbin");
    return true;
  }
  httpbin() : port_(child_program::free_port()) {
    const std::string code =
        "from werkzeug.serving import run_simple, WSGIRequestHandler; import httpbin; "
        "WSGIRequestHandler.protocol_version = 'HTTP/1.1'; "
        "run_simple('127.0.0.1', " +
        std::to_string(port_) + ", httpbin.app, threaded=True)";
    program_.emplace(std::vector<std::string>{"/usr/bin/python3", "-c", code}, port_);
  }
  std::string operator()(const std::string& path) const {
    return "'http://127.0.0.1:" + std::to_string(port_) + path + "'";
  }

 private:
  std::uint16_t port_;
  std::optional<child_program> program_;
};

}  // namespace

TEST_CASE("httpbin: what it sees of a request and every coding of a body") {
  if (httpbin::missing()) return;
  const httpbin at;
  const scratch here;
  write(here.file("up"), "from a file");
  const result seen = get("-H 'X-Mine: yes' -A me " + at("/anything?a=1&b=%20"));
  CHECK(seen.code == 0);
  for (const char* const piece :
       {R"("method":"GET")", R"("X-Mine":"yes")", R"("User-Agent":"me")", R"("a":"1")", R"("b":" ")"}) {
    CHECK(has(seen.out, piece));
  }
  CHECK(has(get("--compressed " + at("/gzip")).out, "\"gzipped\":true"));
  CHECK(has(get("--compressed " + at("/deflate")).out, "\"deflated\":true"));
  CHECK(has(get("--compressed " + at("/brotli")).out, "\"brotli\":true"));
  CHECK(has(get("-d one=1 -d two=2 " + at("/post")).out, "\"two\":\"2\""));
  CHECK(has(get("--json '{\"three\": 3}' " + at("/post")).out, "\"three\":3"));
  CHECK(has(get("-F 'part=@" + here.file("up") + "' " + at("/post")).out, "\"part\":\"from a file\""));
  CHECK(has(get("-T " + here.file("up") + " " + at("/put")).out, "\"data\":\"from a file\""));
  CHECK(has(get("-X DELETE " + at("/delete")).out, "\"url\""));
  CHECK(get("-s -o " + here.file("bytes") + " -w '%{size_download}' " + at("/bytes/100000")).out == "100000");
  CHECK(content(here.file("bytes")).size() == 100000);
  const std::string lines = get(at("/stream/20")).out;
  CHECK(std::count(lines.begin(), lines.end(), '\n') == 20);
  CHECK(get("-r 10-14 " + at("/range/100")).out == "klmno");
}

TEST_CASE("httpbin: statuses and redirects and cookies and conditions") {
  if (httpbin::missing()) return;
  const httpbin at;
  const scratch here;
  CHECK(get("-f " + at("/status/418")).code == 22);
  CHECK(get("-s -o /dev/null -w '%{http_code}' " + at("/status/503")).out == "503");
  const std::string say = "-s -o /dev/null -w '%{http_code} %{num_redirects}' ";
  CHECK(get(say + "-L " + at("/redirect/5")).out == "200 5");
  CHECK(get(say + "-L " + at("/absolute-redirect/3")).out == "200 3");
  CHECK(get("-L --max-redirs 2 " + at("/redirect/3")).code == 47);
  CHECK(has(get("-L -X POST -d x=y " + at("/redirect-to?status_code=307&url=/post")).out, "\"x\":\"y\""));
  const std::string jar = here.file("jar");
  CHECK(has(get("-L -b none -c " + jar + " " + at("/cookies/set?flavour=plain")).out, "\"flavour\":\"plain\""));
  CHECK(has(get("-b " + jar + " " + at("/cookies")).out, "\"flavour\":\"plain\""));
  CHECK_FALSE(has(get("-L -b " + jar + " " + at("/cookies/delete?flavour")).out, "plain"));
  CHECK(get(say + "-H 'If-None-Match: one' " + at("/etag/one")).out == "304 0");
  CHECK(get(say + "-H 'If-None-Match: two' " + at("/etag/one")).out == "200 0");
}

TEST_CASE("httpbin: Basic and Digest and Bearer") {
  if (httpbin::missing()) return;
  const httpbin at;
  const std::string say = "-s -o /dev/null -w '%{http_code}' ";
  CHECK(get(say + "-u us3r:s3cret " + at("/basic-auth/us3r/s3cret")).out == "200");
  CHECK(get(say + "-u us3r:wrong " + at("/basic-auth/us3r/s3cret")).out == "401");
  CHECK(get(say + "--anyauth -u us3r:s3cret " + at("/basic-auth/us3r/s3cret")).out == "200");
  for (const char* const algorithm : {"MD5", "SHA-256"}) {
    CAPTURE(algorithm);
    const std::string page = at("/digest-auth/auth/us3r/s3cret/" + std::string(algorithm));
    CHECK(get(say + "-b none --digest -u us3r:s3cret " + page).out == "200");
    CHECK(get(say + "-b none --anyauth -u us3r:s3cret " + page).out == "200");
    CHECK(get(say + "-b none --digest -u us3r:wrong " + page).out == "401");
    CHECK(get(say + "-b none -u us3r:s3cret " + page).out == "401");
  }
  CHECK(has(get("--oauth2-bearer xyz " + at("/bearer")).out, "\"token\":\"xyz\""));
}
