// braid-get as scripts use it: the program is run against a server in this process.
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "../http/server_program.hpp"
#include "program.hpp"

using namespace get_test;

TEST_CASE("the body goes to standard output or to files, one for each URL") {
  const server at;
  const scratch here;
  const result plain = get("--no-progress-meter " + at("/hello"));
  CHECK(plain.code == 0);
  CHECK(plain.out == "hello\n");
  CHECK(plain.err.empty());
  CHECK(get(at.base() + "/hello").out == "hello\n");  // without a scheme
  const result files = get("-o " + here.file("a") + " " + at("/hello") + " -o " + here.file("b") + " " + at("/large"));
  CHECK(files.code == 0);
  CHECK(files.out.empty());
  CHECK(content(here.file("a")) == "hello\n");
  CHECK(content(here.file("b")) == std::string(100'000, 'x'));
}

TEST_CASE("heads are shown with -i and -I, redirects followed with -L") {
  const server at;
  CHECK(get("-i " + at("/hello")).out.starts_with("HTTP/1.1 200 OK\r\n"));
  CHECK(get("-i " + at("/hello")).out.ends_with("\r\n\r\nhello\n"));
  const result head = get("-I " + at("/hello"));
  CHECK(has(head.out, "Content-Length: 6\r\n"));
  CHECK(head.out.ends_with("\r\n\r\n"));
  CHECK(get(at("/to-hello")).out != "hello\n");
  CHECK(get("-L " + at("/to-hello")).out == "hello\n");
  const result both = get("-L -i " + at("/to-hello"));
  CHECK(both.out.starts_with("HTTP/1.1 302 "));
  CHECK(has(both.out, "\r\n\r\nHTTP/1.1 200 OK\r\n"));
  const result loop = get("-L --max-redirs 3 " + at("/loop"));
  CHECK(loop.code == 47);
  CHECK(has(loop.err, "Maximum (3) redirects followed"));
}

TEST_CASE("a head of HTTP/2 is shown as one of HTTP/1.1 is") {
  if (client_tests::find_program("nghttpd").empty()) {
    WARN("SKIPPED: no nghttpd");
    return;
  }
  const scratch here;
  std::ofstream(here.file("page")) << "hello\n";
  const client_tests::server_program at(client_tests::find_program("nghttpd"), [&](std::uint16_t port) {
    return std::vector<std::string>{"-a", "127.0.0.1", "-d", here.file(""), "--no-tls", std::to_string(port)};
  });
  const std::string ask = "--http2-prior-knowledge " + at.url("http", "/page");
  const result head = get("-i " + ask);
  CHECK(head.code == 0);
  CHECK(head.out.starts_with("HTTP/2 200 \r\n"));
  CHECK(has(head.out, "content-length: 6\r\n"));
  CHECK(head.out.ends_with("\r\n\r\nhello\n"));
  CHECK(has(get("-v " + ask).err, "> GET /page HTTP/2"));
  CHECK(get("-s -o " + here.file("body") + " -d hello -w '%{size_upload}' " + ask).out == "5");
  CHECK(get("-s -o " + here.file("body") + " -w '%{http_version}' " + ask).out == "2");
  CHECK(get("-6 " + at.url("http", "/page")).code != 0);
}

TEST_CASE("methods, data and headers are sent as curl would") {
  const server at;
  const scratch here;
  std::ofstream(here.file("form")) << "b=2\nc=3\n";
  CHECK(get("-X DELETE " + at("/echo")).out.starts_with("DELETE /echo\n"));
  const result post = get("-d a=1 -d @" + here.file("form") + " " + at("/echo"));
  CHECK(post.out.starts_with("POST /echo\n"));
  CHECK(has(post.out, "Content-Type: application/x-www-form-urlencoded\n"));
  CHECK(post.out.ends_with("\n\na=1&b=2c=3"));
  CHECK(get("--data-binary @" + here.file("form") + " " + at("/echo")).out.ends_with("\n\nb=2\nc=3\n"));
  CHECK(get("--data-raw @x " + at("/echo")).out.ends_with("\n\n@x"));
  CHECK(get("-G -d q=1 '" + at("/echo?a=b") + "'").out.starts_with("GET /echo?a=b&q=1\n"));
  const result headers = get("-H 'X-A: 1' -H 'X-B;' -A agent -e from -b c=d -u user:pass " + at("/echo"));
  for (const char* line : {"X-A: 1\n", "X-B: \n", "User-Agent: agent\n", "Referer: from\n", "Cookie: c=d\n",
                           "Authorization: Basic dXNlcjpwYXNz\n"}) {
    CHECK(has(headers.out, line));
  }
  CHECK_FALSE(has(headers.out, "Accept-Encoding"));
  CHECK(has(get("--compressed " + at("/echo")).out, "Accept-Encoding: deflate, gzip, br, zstd"));
}

TEST_CASE("what fails has curl's exit code and says what, to whom") {
  const server at;
  const std::vector<std::pair<std::string, int>> cases{
      {"'http://a b/'", 3},
      {"http://h:99999/", 3},
      {"ftp://127.0.0.1/", 1},
      {"http://nowhere.invalid/", 6},
      {"http://127.0.0.1:1/", 7},
      {at("/claims-h2"), 8},
      {at("/cut"), 18},
      {"-f " + at("/missing"), 22},
      {"-o /no/such/folder/x " + at("/hello"), 23},
      {"-d @/no/such/file " + at("/hello"), 26},
      {"-m 0.2 " + at("/slow"), 28},
      {"-k https://" + at.base() + "/", 35},
      {at("/empty"), 52},
      {at("/chunk"), 56},
      {"--compressed " + at("/bad-gzip"), 61},
      {"--max-filesize 1000 " + at("/large"), 63},
      {"--no-such-option " + at("/"), 2},
  };
  for (const auto& [arguments, code] : cases) {
    const result got = get("--no-progress-meter " + arguments);
    INFO(arguments << ": " << got.err);
    CHECK(got.code == code);
    CHECK_FALSE(got.err.empty());
    if (code != 2 && code != 26) CHECK(got.err.starts_with("braid-get: (" + std::to_string(code) + ") "));
  }
  CHECK(get(at("/missing")).code == 0);
  CHECK(get(at("/missing")).out == "no such page\n");
  const result silent = get("-s http://127.0.0.1:1/");
  CHECK(silent.code == 7);
  CHECK(silent.err.empty());
  CHECK_FALSE(get("-s -S http://127.0.0.1:1/").err.empty());
  CHECK(get(at("/hello") + " >/dev/full").code == 23);
  CHECK(get(at("/bad-gzip")).out == "plop");
}

TEST_CASE("one bad URL does not stop the others and the last one's code counts") {
  const server at;
  const result got = get("-sS http://127.0.0.1:1/ " + at("/hello"));
  CHECK(got.code == 0);
  CHECK(got.out == "hello\n");
  CHECK(has(got.err, "(7)"));
  CHECK(get("-s " + at("/hello") + " http://127.0.0.1:1/").code == 7);
  const result early = get("-s --fail-early http://127.0.0.1:1/ " + at("/hello"));
  CHECK(early.code == 7);
  CHECK(early.out.empty());
  // More outputs than URLs end it, as with curl.
  const scratch here;
  const std::string outs = "-s -o " + here.file("a") + " -o " + here.file("b") + " ";
  CHECK(get(outs + "qttp://h/ -: " + at("/hello")).code == 1);
}

TEST_CASE("default headers are curl's and can be taken out") {
  const server at;
  const std::string plain = get(at("/echo")).out;
  CHECK(plain.starts_with("GET /echo\nHost: " + at.base() + "\nUser-Agent: braid-get/"));
  CHECK(has(plain, "\nAccept: */*\n\n"));
  CHECK_FALSE(has(get("-H Accept: " + at("/echo")).out, "Accept"));
  CHECK_FALSE(has(get("-A '' " + at("/echo")).out, "User-Agent"));
  CHECK(has(get("-H 'Accept: x/y' " + at("/echo")).out, "Accept: x/y\n"));
}

TEST_CASE("a URL is read as curl reads it") {
  const server at;
  CHECK(get("'" + at.base() + "/echo?u=http://x/y'").out.starts_with("GET /echo?u=http://x/y\n"));
  CHECK(get("-G -d q=1 '" + at("/echo#part") + "'").out.starts_with("GET /echo?q=1\n"));
  CHECK(get(at("/a/../echo")).out.starts_with("GET /echo\n"));
  CHECK(get("--url-query 'a=c d' " + at("/echo")).out.starts_with("GET /echo?a=c+d\n"));
  CHECK(get("'" + at("/{hello,large,hello}") + "' -s").out.size() == 100'012);
  CHECK(get("'http://127.0.0.1:1/[9-1]'").code == 3);
}

TEST_CASE("several outputs take pieces of a pattern") {
  const server at;
  const scratch here;
  CHECK(get("'" + at("/{hello,large}") + "' -o '" + here.file("got-#1") + "'").code == 0);
  CHECK(content(here.file("got-hello")) == "hello\n");
  CHECK(content(here.file("got-large")).size() == 100'000);
  CHECK(get("-Z -s -O --output-dir " + here.file("sub") + " --create-dirs " + at("/hello")).code == 0);
  CHECK(content(here.file("sub/hello")) == "hello\n");
}

TEST_CASE("options come from a file too") {
  const server at;
  const scratch here;
  std::ofstream(here.file("config")) << "# a comment\nurl = \"" << at("/echo")
                                     << "\"\n-H \"X-A: \\\"q\\\"\"\nuser-agent: me\n";
  const result got = get("-q -K " + here.file("config"));
  CHECK(got.code == 0);
  CHECK(has(got.out, "X-A: \"q\"\n"));
  CHECK(has(got.out, "User-Agent: me\n"));
  CHECK(get("-K /no/such/file").code == 26);
}

TEST_CASE("a report is written at the end") {
  const server at;
  CHECK(get("-s -o /dev/null -w '%{http_code} %{size_download} %header{content-length}\\n' " + at("/hello")).out ==
        "200 6 6\n");
  CHECK(get("-s -o /dev/null -w '%{num_redirects} %{url_effective}' -L " + at("/to-hello")).out == "1 " + at("/hello"));
  CHECK(has(get("-s -o /dev/null -w '%{json}' " + at("/hello")).out, "\"response_code\":200"));
}

TEST_CASE("help shows examples") {
  const result got = get("--help");
  CHECK(got.code == 0);
  CHECK(has(got.out, "Examples:"));
  CHECK(has(get("--version").out, "braid-get "));
  CHECK(get("").code == 2);
}

TEST_CASE("cookies are kept for the next URL and written at the end") {
  const server at;
  const scratch here;
  const std::string jar = here.file("jar");
  CHECK(get("-c " + jar + " " + at("/set-cookie")).code == 0);
  CHECK(has(content(jar), "\tname\tvalue\n"));
  CHECK(has(get("-b " + jar + " " + at("/echo")).out, "Cookie: name=value\n"));
  CHECK(has(get("-b a=b " + at("/echo")).out, "Cookie: a=b\n"));
  CHECK_FALSE(has(get(at("/echo")).out, "Cookie"));
}

TEST_CASE("an http proxy is asked for the whole URL") {
  const server at;
  const std::string got = get("-x " + at.base() + " -U me:pass http://nowhere.invalid/echo").out;
  CHECK(has(got, "Proxy-Connection: Keep-Alive\n"));
  CHECK(has(got, "Host: nowhere.invalid\nProxy-Authorization: Basic bWU6cGFzcw==\n"));
  CHECK(get("--noproxy '*' -x 127.0.0.1:1 " + at("/hello")).out == "hello\n");
}

TEST_CASE("HSTS by --hsts turns http into https for the hosts of the file, which is written at the end") {
  const scratch here;
  const std::string file = here.file("hsts");
  std::ofstream(file) << "localhost \"20990101 00:00:00\"\nold.example \"20000101 00:00:00\"\n";
  const result got = get("-w '%{url_effective}' --connect-timeout 5 --hsts " + file + " http://localhost:1/x");
  CHECK(got.code == 7);
  CHECK(got.out == "https://localhost:1/x");
  CHECK(content(file).find("\nlocalhost \"20990101 00:00:00\"\n") != std::string::npos);
  CHECK(content(file).find("old.example") == std::string::npos);
}
