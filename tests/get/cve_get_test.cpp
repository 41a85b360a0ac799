// Classes of curl's advisories that are about the program: whom credentials reach, which files are written or removed.
#include <sys/stat.h>

#include <catch2/catch.hpp>

#include "program.hpp"

using namespace get_test;

namespace {

/// The port of the second server makes another origin of the same host.
struct two_servers {
  server first, second;
  /// A page of the second one, by way of a redirect of the first.
  std::string leading_to(const std::string& path, const std::string& user = "") const {
    return "'" + first("/to?http://" + user + second.base() + path) + "'";
  }
};

}  // namespace

TEST_CASE("cve get: a password stays behind when a redirect leads to another port", "[curl-cve]") {
  const two_servers at;
  CHECK(has(get("-L -u me:secret '" + at.first("/to?/echo") + "'").out, "Authorization: Basic"));
  for (const char* sign : {"-u me:secret", "--oauth2-bearer secret", "-H 'Authorization: secret'", "-b 'c=secret'",
                           "-H 'Cookie: c=secret'"}) {
    CAPTURE(sign);
    const result got = get("-L " + std::string(sign) + " " + at.leading_to("/echo"));
    CHECK(got.out.starts_with("GET /echo"));
    CHECK_FALSE(has(got.out, "Authorization"));
    CHECK_FALSE(has(got.out, "secret"));
  }
  const std::string in_url = "http://me:secret@" + at.first.base() + "/to?" + at.second("/echo");
  CHECK_FALSE(has(get("-L '" + in_url + "'").out, "Authorization"));
}

TEST_CASE("cve get: a token stays behind when a redirect names a user or netrc knows one", "[curl-cve]") {
  const two_servers at;
  const scratch here;
  write(here.file("netrc"), "machine 127.0.0.1 login me password other\n");
  const result by_url = get("-L --oauth2-bearer token " + at.leading_to("/echo", "evil:x@"));
  CHECK(by_url.out.starts_with("GET /echo"));
  CHECK_FALSE(has(by_url.out, "token"));
  const result by_netrc =
      get("-L --oauth2-bearer token --netrc-file " + here.file("netrc") + " " + at.leading_to("/echo"));
  CHECK(by_netrc.out.starts_with("GET /echo"));
  CHECK_FALSE(has(by_netrc.out, "token"));
  CHECK(has(get("-L --oauth2-bearer token '" + at.first("/to?/echo") + "'").out, "Bearer token"));
}

TEST_CASE("cve get: netrc has for each host what is its own and for a user only that one's password", "[curl-cve]") {
  const server at;
  const scratch here;
  write(here.file("netrc"), "machine localhost login me password secret\nmachine 127.0.0.1 login me\n");
  const std::string port = at.base().substr(at.base().rfind(':'));
  const std::string file = "-L --netrc-file " + here.file("netrc") + " ";
  const result led = get(file + "'http://localhost" + port + "/to?" + at("/echo") + "'");
  CHECK(led.out.starts_with("GET /echo"));
  CHECK_FALSE(has(led.out, "bWU6c2VjcmV0"));  // me:secret
  const result other = get(file + "http://you@localhost" + port + "/echo");
  CHECK(other.out.starts_with("GET /echo"));
  CHECK_FALSE(has(other.out, "c2VjcmV0"));
  CHECK(has(get(file + "http://me@localhost" + port + "/echo").out, "bWU6c2VjcmV0"));
}

TEST_CASE("cve get: a digest's nonce and realm stay with their server", "[curl-cve]") {
  const two_servers at;
  const std::string url = at.first("/guarded-to?http://you:pw@" + at.second.base() + "/guarded?there");
  const result got = get("-L --digest -u me:secret '" + url + "'");
  CHECK_FALSE(has(got.out, "n-here"));
  CHECK_FALSE(has(got.out, "username=\"me\""));
}

TEST_CASE("cve get: a referer that is made on the way has no user and no fragment", "[curl-cve]") {
  const server at;
  const std::string url = "http://me:secret@" + at.base() + "/to?/echo#part";
  const result got = get("-L -e ';auto' '" + url + "'");
  CHECK(has(got.out, "Referer: " + at("/to?/echo") + "\n"));
  CHECK_FALSE(has(got.out, "secret"));
}

TEST_CASE("cve get: the referer of one URL is not sent with the next", "[curl-cve]") {
  const server at;
  const result got = get("-L -e ';auto' '" + at("/to?/echo") + "' --next " + at("/echo"));
  const std::string last = got.out.substr(got.out.rfind("GET /echo"));
  CHECK_FALSE(has(last, "Referer"));
}

TEST_CASE("cve get: a redirect leads to http and https and nothing else", "[curl-cve]") {
  const server at;
  for (const char* to : {"file:///etc/passwd", "ftp://127.0.0.1/x", "scp://127.0.0.1/x", "telnet://127.0.0.1:1/"}) {
    CAPTURE(to);
    const result got = get("-L '" + at("/to?" + std::string(to)) + "'");
    CHECK(got.code == 1);
    CHECK_FALSE(has(got.out, "root:"));
  }
}

TEST_CASE("cve get: a server's name for a file stays in the folder and replaces nothing", "[curl-cve]") {
  const server at;
  const scratch here;
  const std::string into = "--output-dir " + here.file("") + " -O -J ";
  for (const char* name : {"../up", "/etc/up", "a/../../up", "..\\\\up"})
    CHECK(get(into + "'" + at("/named?" + std::string(name)) + "'").code != 2);
  CHECK(content(here.file("../up")).empty());
  write(here.file("mine"), "mine\n");
  const result got = get(into + "'" + at("/named?mine") + "'");
  CHECK(got.code == 23);
  CHECK(content(here.file("mine")) == "mine\n");
  for (const char* bad : {"..", ".", "a/", "/"}) {
    get(into + "'" + at("/named?" + std::string(bad)) + "'");
    CHECK(content(here.file("mine")) == "mine\n");
  }
}

TEST_CASE("cve get: with --no-clobber nothing is overwritten", "[curl-cve]") {
  const server at;
  const scratch here;
  write(here.file("mine"), "mine\n");
  CHECK(get("--no-clobber -o " + here.file("mine") + " " + at("/hello")).code == 0);
  CHECK(content(here.file("mine")) == "mine\n");
  CHECK(content(here.file("mine.1")) == "hello\n");
}

TEST_CASE("cve get: --remove-on-error removes what it began and nothing else", "[curl-cve]") {
  const server at;
  const scratch here;
  const std::string remove = "--remove-on-error --output-dir " + here.file("") + " ";
  write(here.file("mine"), "mine\n");
  CHECK(get(remove + "--no-clobber -o mine " + at("/cut")).code == 18);
  CHECK(content(here.file("mine")) == "mine\n");
  CHECK(content(here.file("mine.1")).empty());
  CHECK(get(remove + "-O -J '" + at("/named-cut?mine") + "'").code == 23);
  CHECK(content(here.file("mine")) == "mine\n");
  CHECK(get(remove + "-o mine http://127.0.0.1:1/").code == 7);
  CHECK(content(here.file("mine")) == "mine\n");
  CHECK(get(remove + "-o part " + at("/cut")).code == 18);
  struct stat what {};
  CHECK(::stat(here.file("part").c_str(), &what) != 0);
}

TEST_CASE("cve get: a cookie file keeps its permissions and its kind", "[curl-cve]") {
  const server at;
  const scratch here;
  write(here.file("jar"), "");
  ::chmod(here.file("jar").c_str(), 0600);
  CHECK(get("-c " + here.file("jar") + " " + at("/set-cookie")).code == 0);
  struct stat what {};
  REQUIRE(::stat(here.file("jar").c_str(), &what) == 0);
  CHECK((what.st_mode & 0777) == 0600);
  CHECK(has(content(here.file("jar")), "name\tvalue"));
  CHECK(get("-c /dev/null " + at("/set-cookie")).code == 0);
  REQUIRE(::stat("/dev/null", &what) == 0);
  CHECK(S_ISCHR(what.st_mode));
  CHECK(get("-c - " + at("/set-cookie")).out.find("name\tvalue") != std::string::npos);
}

TEST_CASE("cve get: patterns of every broken form are refused or read", "[curl-cve]") {
  const server at;
  for (const char* bad : {"[0-60000000000000000000]", "[99999999999999999999999-1]", "[a-", "[", "]", "{", "}", "{}",
                          "[]", "[-]", "[1-]", "[1-2:", "[1-2:0]", "{a,b", "{{a}}", "[z-a]", "[001-"}) {
    CAPTURE(bad);
    const int code = get("-s -f -m 5 -o /dev/null '" + at("/hello?") + bad + "'").code;
    CHECK((code == 3 || code == 0 || code == 2));
  }
}

TEST_CASE("cve get: -w and its variables end where their text ends", "[curl-cve]") {
  const server at;
  for (const char* text :
       {"%", "%{", "%{http_code", "\\\\", "%header{", "%header{x", "%{output{", "%output{", "%{}", "%%{"}) {
    CAPTURE(text);
    CHECK(get("-s -o /dev/null -w '" + std::string(text) + "' " + at("/hello")).code == 0);
  }
}

TEST_CASE("cve get: warnings of any length are written in lines", "[curl-cve]") {
  const server at;
  const result got = get("--header-nonsense-" + std::string(3000, 'x') + " " + at("/hello"));
  CHECK(got.code == 2);
  for (const char* columns : {"1", "0", "-5", "99999999999999999999", "x"}) {
    CHECK(
        get("-d @/nonexistent-" + std::string(500, 'y') + " " + at("/echo"), "COLUMNS=" + std::string(columns)).code !=
        139);
  }
}

TEST_CASE("cve get: line ends in what becomes a header or a request line are never sent", "[curl-cve]") {
  const server at;
  for (const char* option : {"-A", "-e", "-X", "-b", "--oauth2-bearer", "-u", "-r", "-H"}) {
    CAPTURE(option);
    const result got = get("-s " + std::string(option) + " \"$(printf 'a: b\\r\\nX-Evil: 1')\" " + at("/echo"));
    CHECK_FALSE(has(got.out, "\nX-Evil: 1\n"));
  }
  CHECK_FALSE(has(get("-s \"$(printf '" + at("/echo") + "?a\\r\\nX-Evil: 1')\"").out, "\nX-Evil: 1\n"));
}
