// connect() through proxies that the test plays itself, over sockets.
#include <braid/core/error.hpp>
#include <braid/net/connector.hpp>
#include <braid/net/resolver.hpp>
#include <braid/net/tls.hpp>
#include <catch2/catch.hpp>

#include "certificates.hpp"
#include "net_fixture.hpp"

using namespace net_test;
using namespace std::string_literals;
using braid::proxy_error;
using braid::net::connect_options;
using braid::net::proxy;
using braid::net::tls_options;
using Catch::Contains;

namespace {

/// Waits for `asked`, answers, and then says "inside" to whoever is in the tunnel.
awaitable<void> play(braid::net::listener& door, std::string asked, std::string answer, bool inside) {
  auto stream = co_await door.accept();
  const std::string got = co_await read_exactly(*stream, asked.size());
  CHECK(got == asked);
  co_await write_text(*stream, answer + (inside ? "inside" : ""));
  co_await stream->shutdown_send();
  co_await read_exactly(*stream, 1);
}

/// What comes of connecting to example.org:443 through a proxy that answers so.
std::string outcome(const std::string& scheme, std::string asked, std::string answer, connect_options options = {}) {
  std::string out;
  run([&]() -> awaitable<void> {
    const asio::any_io_executor executor = co_await asio::this_coro::executor;
    braid::net::resolver::of(executor).use_lookup([](const std::string&) {
      braid::net::lookup_answer found;
      found.addresses = {*endpoint::parse("2606:4700::1", 0), *endpoint::parse("8.8.4.4", 0)};
      return found;
    });
    braid::net::listener door(executor, loopback());
    task peer;
    peer.start(executor, play(door, asked, answer, true));
    const std::string text = scheme + "127.0.0.1:" + std::to_string(door.local_endpoint().port());
    options.proxy = proxy::parse(text);
    try {
      auto stream = co_await braid::net::connect("example.org", 443, options);
      out = co_await read_exactly(*stream, 6);
    } catch (const proxy_error& failure) {
      out = failure.what();
      const std::string begin = "proxy " + options.proxy->str() + ": connect example.org:443: ";
      CHECK(out.starts_with(begin));
      out = std::to_string(static_cast<int>(failure.where())) + " " + std::to_string(failure.status()) + " " +
            out.substr(begin.size());
    } catch (const braid::error& failure) {
      out = failure.what();
      peer.cancel();
    }
    while (!peer.done) co_await yield();
  }());
  return out;
}

const std::string challenge = "HTTP/1.1 407 No\r\nProxy-Authenticate: Some one=1\r\nProxy-Authenticate: Other\r\n";

/// How a proxy that refuses the first CONNECT goes on.
enum class then : std::uint8_t { hears_again, takes_another, closes };

/// Refuses the first CONNECT with `rest` behind the challenge, then says "inside" behind `second`.
awaitable<void> ask_first(braid::net::listener& door, std::string first, std::string second, std::string rest,
                          then what) {
  auto refused = co_await door.accept();
  const std::string asked = co_await read_exactly(*refused, first.size());
  CHECK(asked == first);
  co_await write_text(*refused, challenge + rest);
  if (what == then::hears_again) {
    const std::string again = co_await read_exactly(*refused, second.size());
    CHECK(again == second);
    co_await write_text(*refused, "HTTP/1.1 200 OK\r\n\r\ninside");
    co_return;
  }
  if (what == then::closes) refused.reset();
  co_await play(door, second, "HTTP/1.1 200 OK\r\n\r\n", true);
}

const std::string connect_head =
    "CONNECT example.org:443 HTTP/1.1\r\nHost: example.org:443\r\nProxy-Connection: Keep-Alive\r\n\r\n";

}  // namespace

TEST_CASE("a tunnel stands behind each kind of proxy") {
  CHECK(outcome("http://", connect_head, "HTTP/1.1 200 Fine\r\nVia: x\r\n\r\n") == "inside");
  CHECK(outcome("socks4a://", "\4\1\1\xbb\0\0\0\1\0example.org\0"s, "\0\x5a\0\0\0\0\0\0"s) == "inside");
  CHECK(outcome("socks4://", "\4\1\1\xbb\x08\x08\4\4\0"s, "\0\x5a\0\0\0\0\0\0"s) == "inside");
  CHECK(outcome("socks5h://", "\5\1\0"s, "\5\0\5\0\0\1\0\0\0\0\0\0"s) == "inside");
  CHECK(outcome("socks5://u:p@", "\5\2\0\2"s, "\5\2\1\0\5\0\0\1\0\0\0\0\0\0"s) == "inside");
}

TEST_CASE("a proxy that does not open the way is named with what it answered") {
  // The stages and statuses of proxy_error: 3 is handshake, 4 is refused.
  CHECK(outcome("http://", connect_head, "HTTP/1.1 407 No\r\nProxy-Authenticate: Basic\r\n\r\n") ==
        "4 407 407 No: it wants credentials (Basic)");
  CHECK(outcome("http://", connect_head, "HTTP/1.1 502 Bad Gateway\r\n\r\n") == "4 502 502 Bad Gateway");
  CHECK(outcome("http://", connect_head, "HTTP/1.1 200 Fi") == "3 0 it closed the connection");
  CHECK(outcome("http://", connect_head, "SSH-2.0-x\r\n") == "3 0 its answer is not HTTP");
  CHECK(outcome("http://", connect_head, "HTTP/1.1 200 x\r\n" + std::string(100000, 'x')) ==
        "3 200 its answer's header is over 16 KiB");
  CHECK(outcome("socks5h://", "\5\1\0"s, "\4\0"s) == "3 0 its answer is not SOCKS 5");
  CHECK(outcome("socks5h://", "\5\1\0"s, "\5\0\5\3\0\1\0"s) == "4 0 network unreachable");
  CHECK(outcome("socks4a://", "\4\1"s, "\0\x5b\0\0\0\0\0\0"s) == "4 0 request rejected or failed");
}

TEST_CASE("a proxy that cannot be reached is a failure of the proxy") {
  const auto failure = [](const char* with) {
    std::string out;
    try {
      run([](const char* through) -> awaitable<void> {
        const asio::any_io_executor executor = co_await asio::this_coro::executor;
        braid::net::resolver::of(executor).use_lookup([](const std::string&) { return braid::net::lookup_answer(); });
        connect_options options;
        options.proxy = proxy::parse(through);
        auto stream = co_await braid::net::connect("example.org", 443, options);
      }(with));
    } catch (const proxy_error& thrown) {
      out = std::to_string(static_cast<int>(thrown.where())) + " " + thrown.what();
    }
    return out;
  };
  CHECK(failure("http://127.0.0.1:1") == "1 proxy http://127.0.0.1:1: connect 127.0.0.1:1: Connection refused");
  CHECK(failure("socks5h://nowhere.example") ==
        "0 proxy socks5h://nowhere.example:1080: resolve nowhere.example: no address");
}

TEST_CASE("the address policy looks at what lies behind a proxy as far as we resolve it") {
  const auto guarded = [](const char* with, std::string host) {
    std::string out;
    try {
      run([](const char* through, std::string to) -> awaitable<void> {
        const asio::any_io_executor executor = co_await asio::this_coro::executor;
        braid::net::resolver::of(executor).use_lookup([](const std::string&) {
          braid::net::lookup_answer found;
          found.addresses = {*endpoint::parse("10.0.0.1", 0)};
          return found;
        });
        connect_options options;
        options.addresses = braid::net::address_policy::public_only();
        options.proxy = proxy::parse(through);
        auto stream = co_await braid::net::connect(to, 443, options);
      }(with, std::move(host)));
    } catch (const braid::error& thrown) {
      out = thrown.what();
    }
    return out;
  };
  CHECK(guarded("socks5://127.0.0.1:1", "inside.example") ==
        "connect inside.example:443: the address policy refuses 10.0.0.1 (private)");
  CHECK(guarded("http://127.0.0.1:1", "127.0.0.1") ==
        "connect 127.0.0.1:443: the address policy refuses 127.0.0.1 (loopback)");
  CHECK(guarded("http://127.0.0.1:1", "localhost") ==
        "connect localhost:443: the address policy refuses localhost, which the proxy may resolve to itself");
  // The proxy is the program's own choice, what it resolves is beyond us.
  CHECK(guarded("http://127.0.0.1:1", "inside.example") ==
        "proxy http://127.0.0.1:1: connect 127.0.0.1:1: Connection refused");
}

/// Connects through a proxy that asks who it is.
void answer_challenge(const std::string& rest, then what) {
  run([](std::string behind, then goes_on) -> awaitable<void> {
    const asio::any_io_executor executor = co_await asio::this_coro::executor;
    braid::net::listener door(executor, loopback());
    const std::string begin = "CONNECT example.org:443 HTTP/1.1\r\nHost: example.org:443\r\n";
    const std::string end = "Proxy-Connection: Keep-Alive\r\n\r\n";
    task peer;
    peer.start(executor,
               ask_first(door, begin + end, begin + "Proxy-Authorization: answer\r\n" + end, behind, goes_on));
    std::vector<std::string> said;
    connect_options options;
    options.proxy = proxy::parse("http://u:p@127.0.0.1:" + std::to_string(door.local_endpoint().port()));
    options.proxy_authorization = [&](std::string_view target, const std::vector<std::string>& challenges) {
      std::string text(target);
      for (const std::string& one : challenges) text += " | " + one;
      said.push_back(text);
      return challenges.empty() ? "" : "answer";
    };
    auto stream = co_await braid::net::connect("example.org", 443, options);
    const std::string got = co_await read_exactly(*stream, 6);
    CHECK(got == "inside");
    CHECK(said == std::vector<std::string>{"example.org:443", "example.org:443 | Some one=1 | Other"});
    stream.reset();
    while (!peer.done) co_await yield();
  }(rest, what));
}

TEST_CASE("a proxy's challenge to CONNECT is answered over the same connection where that stays open") {
  answer_challenge("Content-Length: 0\r\n\r\n", then::hears_again);
  answer_challenge("Content-Length: 9\r\nConnection: keep-alive\r\n\r\nno, sorry", then::hears_again);
  answer_challenge("Transfer-Encoding: chunked\r\n\r\n3;x\r\nno,\r\n6\r\n sorry\r\n0\r\nA: b\r\n\r\n",
                   then::hears_again);
}

TEST_CASE("a proxy's challenge to CONNECT is answered over a new connection where the first is used up") {
  answer_challenge("\r\n", then::takes_another);  // its body ends with the connection
  answer_challenge("Content-Length: 2\r\nProxy-Connection: close\r\n\r\nno", then::takes_another);
  answer_challenge("Content-Length: 2\r\n\r\nnobody asked", then::takes_another);
  answer_challenge("Content-Length: 100000\r\n\r\nno", then::takes_another);
  answer_challenge("Content-Length: 2\r\n\r\nno", then::closes);
  answer_challenge("Content-Length: 20\r\n\r\nno", then::closes);
}

TEST_CASE("a proxy is reached through the one before it") {
  run([]() -> awaitable<void> {
    const asio::any_io_executor executor = co_await asio::this_coro::executor;
    braid::net::listener door(executor, loopback());
    task peer;
    peer.start(executor, [](braid::net::listener& at) -> awaitable<void> {
      auto stream = co_await at.accept();
      const std::string socks = "\4\1\x0c\x38\0\0\0\1\0inner.example\0"s;
      const std::string first = co_await read_exactly(*stream, socks.size());
      CHECK(first == socks);
      co_await write_text(*stream, "\0\x5a\0\0\0\0\0\0"s);
      const std::string second = co_await read_exactly(*stream, connect_head.size());
      CHECK(second == connect_head);
      co_await write_text(*stream, "HTTP/1.1 200 OK\r\n\r\ninside");
      co_await read_exactly(*stream, 1);
    }(door));
    connect_options options;
    options.proxy = proxy::parse("http://inner.example:3128");
    options.proxy->behind(proxy::parse("socks4a://127.0.0.1:" + std::to_string(door.local_endpoint().port())));
    auto stream = co_await braid::net::connect("example.org", 443, options);
    const std::string got = co_await read_exactly(*stream, 6);
    CHECK(got == "inside");
    stream.reset();
    while (!peer.done) co_await yield();
  }());
  CHECK(proxy::parse("http://a").behind(proxy::parse("socks5://b")).key() != proxy::parse("http://a").key());
  CHECK_THROWS_AS(proxy::parse("http://a").behind(proxy::parse("http://b").behind(proxy::parse("http://c"))),
                  braid::invalid_argument);
}

TEST_CASE("TLS to the proxy and TLS through it") {
  run([]() -> awaitable<void> {
    const asio::any_io_executor executor = co_await asio::this_coro::executor;
    const certificates& files = certificates::shared();
    braid::net::listener door(executor, loopback());
    task peer;
    peer.start(executor, [](braid::net::listener& at, const certificates& own) -> awaitable<void> {
      const tls_options for_proxy = tls_options().certificate(own.chain("good"), own.key("good"));
      const tls_options for_origin = tls_options().certificate(own.chain("other"), own.key("other"));
      auto raw = co_await at.accept();
      auto outer = co_await braid::net::tls_accept(std::move(raw), for_proxy);
      const std::string asked =
          "CONNECT other.example.com:443 HTTP/1.1\r\nHost: other.example.com:443\r\n"
          "Proxy-Authorization: Basic dTpw\r\nProxy-Connection: Keep-Alive\r\n\r\n";
      const std::string got = co_await read_exactly(*outer, asked.size());
      CHECK(got == asked);
      co_await write_text(*outer, "HTTP/1.1 200 OK\r\n\r\n");
      auto inner = co_await braid::net::tls_accept(std::move(outer), for_origin);
      const std::string text = co_await read_exactly(*inner, 200000);
      co_await write_text(*inner, text);
      co_await read_exactly(*inner, 1);
    }(door, files));
    connect_options options;
    options.proxy = proxy::parse("https://u:p@127.0.0.1:" + std::to_string(door.local_endpoint().port()));
    options.proxy->tls(tls_options().ca_file(files.ca()));
    options.tls.emplace().ca_file(files.ca());
    auto stream = co_await braid::net::connect("other.example.com", 443, options);
    const std::string text(200000, 'x');
    task sender;
    sender.start(executor, [](transport& to, std::string what) -> awaitable<void> {
      co_await write_text(to, what);
    }(*stream, text));
    const std::string got = co_await read_exactly(*stream, text.size());
    CHECK((got == text));
    stream.reset();
    while (!peer.done || !sender.done) co_await yield();
    // The proxy's certificate is checked for the proxy's name, by the authorities for the proxy.
    task refusing;
    refusing.start(executor, [](braid::net::listener& at, const certificates& own) -> awaitable<void> {
      auto raw = co_await at.accept();
      auto never = co_await braid::net::tls_accept(std::move(raw),
                                                   tls_options().certificate(own.chain("good"), own.key("good")));
    }(door, files));
    options.proxy->tls(tls_options());
    std::string message;
    try {
      stream = co_await braid::net::connect("other.example.com", 443, options);
    } catch (const proxy_error& failure) {
      message = failure.what();
    }
    CHECK_THAT(message, Contains("proxy https://127.0.0.1:") && Contains("unable to get local issuer certificate"));
    while (!refusing.done) co_await yield();
  }());
}

TEST_CASE("an old proxy is asked by HTTP/1.0 and who looks on sees both heads") {
  std::string seen;
  connect_options options;
  options.tap = [&seen](braid::net::tunnel_event what, std::string_view bytes) {
    seen += (what == braid::net::tunnel_event::head_sent ? "> " : "< ") + std::string(bytes);
  };
  CHECK(outcome("http://", connect_head, "HTTP/1.1 200 Fine\r\nVia: x\r\n\r\n", options) == "inside");
  CHECK(seen == "> " + connect_head + "< HTTP/1.1 200 Fine\r\n< Via: x\r\n< \r\n");
  seen.clear();
  CHECK(outcome("http://", connect_head, "HTTP/1.1 403 No\r\nA: b\r\n\r\nwhy", options).starts_with("4 403"));
  CHECK(seen == "> " + connect_head + "< HTTP/1.1 403 No\r\n< A: b\r\n\r\n");
  const proxy usual = proxy::parse("http://127.0.0.1:1"), old = proxy(usual).http_1_0();
  CHECK(old.key() != usual.key());
  CHECK(old.is_http_1_0());
  CHECK(proxy(old).http_1_0(false).key() == usual.key());
}

TEST_CASE("credentials are as long as their protocol carries them") {
  const std::string many(300, 'a');
  CHECK(proxy::parse("http://127.0.0.1").credentials(many, many).user() == many);
  CHECK_THROWS_WITH(proxy::parse("socks5://127.0.0.1").credentials(many, "b"), Contains("over 255 bytes"));
  CHECK_THROWS_WITH(proxy::parse("http://127.0.0.1").credentials(std::string(70'000, 'a'), "b"),
                    Contains("over 65536"));
}
