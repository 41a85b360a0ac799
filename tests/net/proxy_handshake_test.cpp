#include "proxy/handshake.hpp"

#include <braid/core/error.hpp>
#include <catch2/catch.hpp>

#include "attempt.hpp"

using namespace braid::net;
using namespace std::string_literals;
using step = proxy_handshake::step;

namespace {

tunnel_target to_name(std::string host, std::uint16_t port) {
  tunnel_target out;
  out.host = std::move(host);
  out.port = port;
  return out;
}

tunnel_target to_address(const char* address, std::uint16_t port) {
  tunnel_target out;
  out.port = port;
  out.address = endpoint::parse(address, port);
  return out;
}

/// A whole conversation with a proxy that says `answers`, one after the other, when it is our turn to read.
struct conversation {
  std::string said;
  std::string left;  // of what it said: what is not ours
  std::string reason;
  int status = 0;
  bool reusable = false;
  step end = step::go_on;

  conversation(const char* with, tunnel_target to, const std::string& answer,
               const std::vector<std::string>& fields = {}) {
    const auto talk =
        make_handshake(proxy::parse(with), std::move(to), fields, proxy::parse(with).basic_authorization());
    left = answer;
    end = talk->take({});
    while (end == step::go_on) {
      said += talk->output();
      talk->output().clear();
      REQUIRE(talk->wanted() > 0);
      if (left.empty()) break;
      const std::string piece = left.substr(0, talk->wanted());
      left.erase(0, piece.size());
      end = talk->take(piece);
    }
    reason = talk->reason();
    status = talk->status();
    reusable = talk->reusable();
  }
};

}  // namespace

TEST_CASE("CONNECT asks for a tunnel and takes nothing that is behind the answer", "[curl-cve]") {
  const conversation plain("p", to_name("example.org", 443), "HTTP/1.1 200 Connection established\r\n\r\nsecond");
  CHECK(plain.said ==
        "CONNECT example.org:443 HTTP/1.1\r\nHost: example.org:443\r\nProxy-Connection: Keep-Alive\r\n\r\n");
  CHECK((plain.end == step::done));
  CHECK(plain.left == "second");
  const conversation full("u:p@p", to_address("::1", 80),
                          "HTTP/1.0 100 Go on\r\n\r\nHTTP/1.1 204\r\nContent-Length: 5\r\nA: b\r\n\r\n12345",
                          {"User-Agent: x"});
  CHECK(full.said ==
        "CONNECT [::1]:80 HTTP/1.1\r\nHost: [::1]:80\r\nProxy-Authorization: Basic dTpw\r\nUser-Agent: x\r\n"
        "Proxy-Connection: Keep-Alive\r\n\r\n");
  CHECK((full.end == step::done));
  CHECK(full.left == "12345");
  CHECK((conversation("p", to_name("a", 1), "HTTP/1.1 200\n\nx").left == "x"));
}

TEST_CASE("CONNECT: the proxy's no is told with its status", "[curl-cve]") {
  const auto told = [](const char* with, const std::string& answer) {
    const conversation one(with, to_name("a", 1), answer);
    CHECK((one.end == step::refused));
    return std::to_string(one.status) + ": " + one.reason;
  };
  CHECK(told("p", "HTTP/1.1 502 Bad Gateway\r\n\r\n") == "502: 502 Bad Gateway");
  CHECK(told("p", "HTTP/1.1 302\r\nLocation: http://elsewhere/\r\n\r\n") == "302: 302");
  CHECK(told("p", "HTTP/1.1 101 Switch\r\n\r\n") == "101: 101 Switch");
  CHECK(told("p", "HTTP/1.1 407 No\r\nProxy-Authenticate: Digest realm=x\r\nproxy-authenticate:Basic\r\n\r\n") ==
        "407: 407 No: it wants credentials (Digest, Basic)");
  CHECK(told("u:p@p", "HTTP/1.1 407 No\r\n\r\n") == "407: 407 No: it does not take these credentials");
}

TEST_CASE("CONNECT: the body of a 407 is passed over and says whether the connection is good for more") {
  const auto talk = [](const std::string& rest) {
    return conversation("p", to_name("h", 1), "HTTP/1.1 407 No\r\nProxy-Authenticate: Digest a=b\r\n" + rest);
  };
  const std::string no = "407 No: it wants credentials (Digest)";
  const auto refused = [&](const conversation& it) { return it.end == step::refused && it.reason == no; };
  for (const char* const whole :
       {"Content-Length: 0\r\n\r\n", "Content-Length: 2\r\n\r\nno", "Content-Length: 2\r\nContent-Length: 2\r\n\r\nno",
        "Transfer-Encoding: Chunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 9\r\n\r\na;b=c\r\n"
        "0123456789\r\n1\r\nx\r\n0\r\nField: x\r\n\r\n"}) {
    const conversation it = talk(whole);
    CHECK(refused(it));
    CHECK(it.reusable);
    CHECK(it.left.empty());
  }
  for (const char* const used_up :
       {"\r\n", "Content-Length: x\r\n\r\nno", "Content-Length: 2\r\nContent-Length: 3\r\n\r\nno",
        "Content-Length: 2\r\nConnection: Close\r\n\r\nno", "Content-Length: 2\r\n\r\nno and more",
        "Transfer-Encoding: gzip\r\n\r\n", "Content-Length: 99999999999999999999999\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\nx"}) {
    const conversation it = talk(used_up);
    CHECK(refused(it));
    CHECK_FALSE(it.reusable);
  }
  for (const char* const broken : {"some content", "\r\n", "123456789\r\n", "1\r\nxx\r\n"}) {
    const conversation it = talk("Transfer-Encoding: chunked\r\n\r\n" + std::string(broken));
    CHECK((it.end == step::broken));
    CHECK(it.reason == "the body of its answer is broken");
  }
  CHECK(refused(talk("Transfer-Encoding: chunked\r\n\r\n10000\r\n" + std::string(0x10000, 'x'))));
}

TEST_CASE("CONNECT: what is not an answer is refused") {
  const auto broken = [](const std::string& answer) {
    const conversation one("p", to_name("a", 1), answer);
    CHECK((one.end == step::broken));
    return one.reason;
  };
  CHECK(broken("SSH-2.0-OpenSSH\r\n") == "its answer is not HTTP");
  CHECK(broken("HTTP/2 200 x\r\n\r\n") == "its answer is not HTTP");
  CHECK(broken("HTTP/1.1 2000\r\n\r\n") == "its answer is not HTTP");
  CHECK(broken("HTTP/1.1 099 x\r\n\r\n") == "its answer is not HTTP");
  CHECK(broken("HTTP/1.1 2x0 x\r\n\r\n") == "its answer is not HTTP");
  CHECK(broken("\r\n\r\nHTTP/1.1 200\r\n\r\n") == "its answer is not HTTP");
  CHECK(broken("HTTP/1.1 200 x\r\nno field\r\n\r\n") == "its answer has a line that is no header field");
  CHECK(broken("HTTP/1.1 200 x\r\na: \1\r\n\r\n") == "its answer has control characters");
  CHECK(broken("HTTP/1.1 200 x\ry\r\n\r\n") == "its answer has control characters");
  CHECK(broken("HTTP/1.1 200 x\r\na: " + std::string(20000, 'x')) == "its answer's header is over 16 KiB");
  CHECK(broken("HTTP/1.1 403 x\r\na: " + std::string(20000, 'x')) == "its answer's header is over 16 KiB");
  std::string endless;
  for (int i = 0; i < 2000; ++i) endless += "HTTP/1.1 100 x\r\n\r\n";
  CHECK(broken(endless) == "its answer's header is over 16 KiB");
  CHECK((conversation("p", to_name("a", 1), "HTTP/1.1 200 OK\r\nA: b\r\n").end == step::go_on));
}

TEST_CASE("nothing gets into CONNECT that could break out of it", "[curl-cve]") {
  for (const char* host : {"a\r\nX: y", "a b", "a\1"}) {
    CHECK_THROWS_AS(conversation("p", to_name(host, 1), ""), braid::invalid_argument);
  }
  for (const char* field : {"", "no colon", ": x", "A B: x", "A: x\r\nB: y", "A: x\n", "A\r: x"}) {
    CAPTURE(field);
    CHECK_THROWS_AS(conversation("p", to_name("a", 1), "", {field}), braid::invalid_argument);
  }
}

TEST_CASE("SOCKS 4 and 4a", "[curl-cve]") {
  const conversation four("socks4://me@p", to_address("1.2.3.4", 0x1234), "\0\x5a\1\2\3\4\5\6tail"s);
  CHECK(four.said == "\x04\x01\x12\x34\1\2\3\4me\0"s);
  CHECK((four.end == step::done));
  CHECK(four.left == "tail");
  const conversation name("socks4a://p", to_name("example.org", 80), "\0\x5b\0\0\0\0\0\0"s);
  CHECK(name.said == "\x04\x01\0\x50\0\0\0\1\0example.org\0"s);
  CHECK((name.end == step::refused));
  CHECK(name.reason == "request rejected or failed");
  CHECK((conversation("socks4a://p", to_name("a", 1), "\0\x5c\0\0\0\0\0\0"s).end == step::refused));
  CHECK((conversation("socks4a://p", to_name("a", 1), "\0\x5d\0\0\0\0\0\0"s).end == step::refused));
  CHECK((conversation("socks4a://p", to_name("a", 1), "\0\x01\0\0\0\0\0\0"s).end == step::broken));
  CHECK(conversation("socks4a://p", to_name("a", 1), "\5").reason == "its answer is not SOCKS 4");
  CHECK((conversation("socks4a://p", to_name("a", 1), "\0\x5a\0\0"s).end == step::go_on));
  CHECK_THROWS_AS(conversation("socks4://p", to_address("::1", 1), ""), braid::invalid_argument);
  CHECK_THROWS_AS(conversation("socks4a://p", to_name("a\0b"s, 1), ""), braid::invalid_argument);
  CHECK_THROWS_AS(conversation("socks4a://p", to_name(std::string(256, 'a'), 1), ""), braid::invalid_argument);
}

TEST_CASE("SOCKS 5: names and addresses with and without credentials", "[curl-cve]") {
  const conversation name("socks5h://p", to_name("abc", 443), "\5\0\5\0\0\1\1\2\3\4\0\x50tail"s);
  CHECK(name.said == "\5\1\0\5\1\0\3\3abc\1\xbb"s);
  CHECK((name.end == step::done));
  CHECK(name.left == "tail");
  const conversation login("socks5h://u:pw@p", to_address("1.2.3.4", 80), "\5\2\1\0\5\0\0\3\4host\0\x50tail"s);
  CHECK(login.said == "\5\2\0\2\1\1u\2pw\5\1\0\1\1\2\3\4\0\x50"s);
  CHECK((login.end == step::done));
  CHECK(login.left == "tail");
  const conversation six("socks5://p", to_address("::1", 80), "\5\0\5\0\0\4"s + std::string(16, 'x') + "\0\x50tail"s);
  CHECK(six.said == "\5\1\0\5\1\0\4"s + std::string(15, '\0') + "\1\0\x50"s);
  CHECK(six.left == "tail");
  CHECK(conversation("socks5h://u:p@p", to_name("a", 1), "\5\0\5\0\0\1\1\2\3\4\0\x50"s).said ==
        "\5\2\0\2\5\1\0\3\1a\0\1"s);
}

TEST_CASE("SOCKS 5: every way to be refused", "[curl-cve]") {
  const auto told = [](const char* with, const std::string& answer, step how) {
    const conversation one(with, to_name("a", 1), answer);
    CHECK((one.end == how));
    return one.reason;
  };
  CHECK(told("socks5h://p", "\5\xff", step::refused) == "it wants credentials");
  CHECK(told("socks5h://u:p@p", "\5\xff", step::refused) == "it takes neither user and password nor none at all");
  CHECK(told("socks5h://u:p@p", "\5\2\1\1", step::refused) == "it does not take these credentials");
  CHECK(told("socks5h://p", "\5\0\5\2\0\1\0"s, step::refused) == "not allowed by its rules");
  CHECK(told("socks5h://p", "\5\0\5\5\0\1\0"s, step::refused) == "connection refused");
  CHECK(told("socks5h://p", "\5\0\5\x63\0\1\0"s, step::refused) == "unknown failure");
  CHECK(told("socks5h://p", "\4\0"s, step::broken) == "its answer is not SOCKS 5");
  CHECK(told("socks5h://p", "HTTP/1.1 400", step::broken) == "its answer is not SOCKS 5");
  CHECK(told("socks5h://p", "\5\2"s, step::broken) == "it chose an authentication that was not offered");
  CHECK(told("socks5h://u:p@p", "\5\1"s, step::broken) == "it chose an authentication that was not offered");
  CHECK(told("socks5h://u:p@p", "\5\2\5\0"s, step::broken) == "its answer is not SOCKS 5");
  CHECK(told("socks5h://p", "\5\0\4\0\0\1\0"s, step::broken) == "its answer is not SOCKS 5");
  CHECK(told("socks5h://p", "\5\0\5\0\0\2\0"s, step::broken) == "its answer has an unknown kind of address");
  CHECK((conversation("socks5h://p", to_name("a", 1), "\5\0\5\0\0\3\xff"s + std::string(200, 'x')).end == step::go_on));
  CHECK_THROWS_AS(conversation("socks5h://p", to_name("", 1), ""), braid::invalid_argument);
  CHECK_THROWS_AS(conversation("socks5h://p", to_name(std::string(256, 'a'), 1), ""), braid::invalid_argument);
}

TEST_CASE("names that a proxy could take for an address inside") {
  for (const char* inside :
       {"localhost", "LOCALHOST.", "a.localhost", "0x7f.1", "127.1", "2130706433", "1.2.3.0x", ""}) {
    CAPTURE(inside);
    CHECK(may_mean_inside(inside));
  }
  for (const char* outside : {"example.org", "localhost.example", "1.example", "0xg", "x0", "1a"}) {
    CAPTURE(outside);
    CHECK_FALSE(may_mean_inside(outside));
  }
}
