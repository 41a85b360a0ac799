// Options of braid-get, one by one: what they send, write and say.
#include <catch2/catch.hpp>
#include <filesystem>

#include "program.hpp"

using namespace get_test;

TEST_CASE("the user's own options are read where curl looks for them") {
  const server at;
  const scratch here;
  write(here.file(".curlrc"), "user-agent = \"mine\"\nno-such-option\n--next\n-sH\"A: b\"\n");
  const std::string home = "HOME=" + here.file("");
  const result got = get(at("/echo"), home);
  CHECK(got.code == 0);
  CHECK(has(got.out, "User-Agent: mine\n"));
  CHECK(has(got.err, ".curlrc:2: option no-such-option: is unknown"));
  CHECK_FALSE(has(get("-q " + at("/echo"), home).out, "mine"));
  CHECK_FALSE(has(get("--disable " + at("/echo"), home).out, "mine"));
  std::filesystem::create_directory(here.file(".config"));
  write(here.file(".config/curlrc"), "referer: there\n");
  CHECK(has(get(at("/echo"), "CURL_HOME=" + here.file("")).out, "mine"));
  CHECK(has(get(at("/echo"), "XDG_CONFIG_HOME=" + here.file(".config")).out, "Referer: there\n"));
}

TEST_CASE("several letters may stand in a file, and what looks odd is said") {
  const server at;
  const scratch here;
  write(here.file("config"), "-sSuyou:me\ndata = 'x'\n-X PUT more\n");
  const result got = get("-K " + here.file("config") + " " + at("/echo"), "COLUMNS=1000");
  CHECK(has(got.out, "PUT /echo\n"));
  CHECK(has(got.out, "Authorization: Basic eW91Om1l\n"));
  write(here.file("config"), "data = 'x'\n-X PUT more\n");
  const std::string said = get("-K " + here.file("config") + " " + at("/echo"), "COLUMNS=1000").err;
  CHECK(has(said, "config:1 Option 'data' uses argument with leading single quote."));
  CHECK(has(said, "config:2 Option '-X' uses argument with unquoted whitespace."));
  write(here.file("config"), "silent yes\n");
  CHECK(get("-K " + here.file("config") + " " + at("/echo")).code == 2);
}

TEST_CASE("options that exclude each other are refused") {
  const server at;
  CHECK(has(get("--no-clobber -C 3 -o x " + at("/hello")).err,
            "--continue-at is mutually exclusive with --no-clobber\nbraid-get: option -C: is badly used here\n"));
  CHECK(get("-C 3 --remove-on-error -o x " + at("/hello")).code == 2);
  CHECK(get("-r 1-2 -C 3 " + at("/hello")).code == 2);
  CHECK(has(get("--next " + at("/hello")).err, "missing URL before --next"));
}

TEST_CASE("what an option's value must be is said with the option") {
  const server at;
  const scratch here;
  CHECK(has(get("-m 22222242222222222 " + at("/hello")).err,
            "braid-get: option -m: expected a proper numerical parameter\n"));
  CHECK(has(get("--retry-delay -1 " + at("/hello")).err, "option --retry-delay: expected a positive numerical"));
  const result missing = get("-K " + here.file("none") + " " + at("/hello"));
  CHECK(missing.code == 26);
  CHECK(has(missing.err, "option -K: error encountered when reading a file\nbraid-get: try 'braid-get --help'"));
  CHECK(get("--proto-default gopher " + at("/hello")).code == 1);
  CHECK(has(get("--unix-socket -q hej://moo").err, "Warning: The filename argument '-q' looks like a flag.\n"));
  CHECK(get(at("/hello") + " --next").code == 2);
  write(here.file("loop"), "--config " + here.file("loop") + "\n");
  CHECK(get("-K " + here.file("loop") + " " + at("/hello")).code == 2);
}

TEST_CASE("what is no name for the DNS is not looked up") {
  CHECK(has(get("-sS http://red.onion/").err, "braid-get: (6) Not resolving .onion address (RFC 7686)\n"));
  CHECK(get("-sS http://red.Onion./").code == 6);
}

TEST_CASE("a host is what stands behind the first at sign") {
  CHECK(get("-g 'http://user@[::1]@localhost'").code == 3);
  CHECK(get("-g 'http://user@example.com:80@localhost'").code == 3);
}

TEST_CASE("what a URL says of a user is for its host") {
  const server at;
  const std::string port = at.base().substr(at.base().find(':'));
  const std::string away = "-s --location-trusted --resolve other.test" + port + ":127.0.0.1 ";
  const std::string host = "127.0.0.1" + port, to = "/to?http://other.test" + port + "/echo'";
  CHECK(has(get("http://u:p@" + host + "/echo").out, "Authorization: Basic"));
  CHECK_FALSE(has(get(away + "'http://u:p@" + host + to).out, "Authorization"));
  CHECK(has(get(away + "-u u:p 'http://" + host + to).out, "Authorization: Basic"));
  CHECK_FALSE(has(get("http://@127.0.0.1" + port + "/echo").out, "Authorization"));
}

TEST_CASE("a form sends several files under one name") {
  const server at;
  const scratch here;
  write(here.file("a.txt"), "first");
  write(here.file("b.gif"), "second");
  const std::string files = here.file("a.txt") + "," + here.file("b.gif") + ";type=x/y";
  const std::string got = get("-F 'f=@" + files + "' -F 'p=text;filename=p.pdf' " + at("/echo")).out;
  CHECK(has(got, "Content-Disposition: form-data; name=\"f\"\r\nContent-Type: multipart/mixed; boundary="));
  CHECK(has(got, "attachment; filename=\"a.txt\"\r\nContent-Type: text/plain\r\n\r\nfirst\r\n"));
  CHECK(has(got, "attachment; filename=\"b.gif\"\r\nContent-Type: x/y\r\n\r\nsecond\r\n"));
  CHECK(has(got, "filename=\"p.pdf\"\r\nContent-Type: application/pdf\r\n\r\ntext\r\n"));
  CHECK(has(get("-F a=b -H 'Content-Type: text/info' " + at("/echo")).out, "Disposition: attachment; name=\"a\""));
}

TEST_CASE("names below localhost are this machine") {
  const server at;
  const std::string port = at.base().substr(at.base().find(':'));
  CHECK(get("-4 http://any.localhost" + port + "/hello").out == "hello\n");
  CHECK(get("--connect-to ::a:b http://h/").code == 49);
}

TEST_CASE("a report names both ends, all headers, and parts of odd URLs") {
  const server at;
  const std::string quiet = "-s -o /dev/null -w ";
  CHECK(get(quiet + "'%{local_ip} %{remote_ip}' " + at("/hello")).out == "127.0.0.1 127.0.0.1");
  CHECK(get(quiet + "'%header{date:all:\\}}' -L " + at("/to-hello")).out.find('}') != std::string::npos);
  CHECK(get(quiet + "'%{url.host} %{url.port} %{url.path}' h55p://some:7/where").out == "some 7 /where");
}

TEST_CASE("what ETag a response had is kept, or the transfer left out") {
  const server at;
  const result got = get("--etag-save /no/such/folder/tag " + at("/hello"), "COLUMNS=1000");
  CHECK(got.code == 26);
  CHECK(got.out.empty());
  CHECK(has(got.err, "Failed creating file for saving etags"));
  const scratch here;
  const std::string save = "--etag-save " + here.file("tag") + " ";
  CHECK(has(get(save + at("/hello") + " " + at("/hello")).err, "only work on a single URL"));
}

TEST_CASE("words of another typesetting are warned of") {
  const server at;
  CHECK(has(get("-H '\xe2\x80\x9chost: x' " + at("/hello"), "COLUMNS=1000").err,
            "Warning: The argument '\xe2\x80\x9chost: x' starts with a Unicode character."));
  CHECK(has(get("-v -X GET " + at("/hello"), "COLUMNS=1000").err, "Note: Unnecessary use of -X or --request"));
}
