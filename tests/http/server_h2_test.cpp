// The server over HTTP/2, with braid's own client at the other end, in virtual time.
#include <braid/core/error.hpp>
#include <braid/http/client.hpp>
#include <utility>
#include <vector>

#include "server_fixture.hpp"

using namespace server_tests;

namespace {

/// A server that clients reach in memory.
class site {
 public:
  explicit site(http::server_handler handler, http::server_options options = with_http2())
      : server_(std::move(handler), std::move(options)) {}

  static http::server_options with_http2() {
    http::server_options out;
    out.http2 = true;
    return out;
  }

  http::client client(http::protocol_choice version = http::protocol_choice::http2_prior_knowledge) {
    http::client_options options;
    options.http_version = version;
    options.connector = [this](std::string, std::uint16_t, net::connect_options) { return connect(); };
    return http::client(std::move(options));
  }

  /// The client's end of a new connection.
  awaitable<std::unique_ptr<net::transport>> connect() {
    auto ends = memory_transport::make_pair(64 * 1024);
    ++connections;
    group_->spawn(server_.serve(std::move(ends.second)), "connection");
    std::unique_ptr<net::transport> out = std::move(ends.first);
    co_return out;
  }

  template <class F>
  void run(F talk) {
    run_virtual([&]() -> awaitable<void> {
      co_await with_task_group([&](task_group& all) -> awaitable<void> {
        waiter ready;
        all.spawn([&]() -> awaitable<void> {
          co_await with_task_group([&](task_group& servers) -> awaitable<void> {
            group_ = &servers;
            ready.wake();
            waiter forever;
            co_await forever.wait();
          });
          group_ = nullptr;
        });
        co_await ready.wait();
        co_await talk();
        end();
      });
    });
  }

  /// As Ctrl-C does.
  void end() {
    if (group_ != nullptr) group_->cancel();
  }
  std::size_t connections = 0;

 private:
  http::server server_;
  task_group* group_ = nullptr;
};

awaitable<http::reply> echo(http::server_request& request) {
  std::string body = co_await request.body();
  auto out = http::reply::text(std::string(request.method()) + ' ' + std::string(request.target()) + ' ' + body);
  out.header("X-Version", std::to_string(request.version()));
  co_return out;
}

awaitable<std::string> all_of(net::transport& from) {
  std::string out;
  char piece[4096];
  for (;;) {
    const net::io_result got = co_await from.read_some(asio::buffer(piece));
    if (!got.ok()) break;
    out.append(piece, got.size);
  }
  co_return out;
}

}  // namespace

TEST_CASE("an HTTP/2 server answers requests, bodies and heads, all on one connection") {
  site here(echo);
  here.run([&]() -> awaitable<void> {
    const auto client = here.client();
    const auto got = co_await client.get("http://h.example/a?b=c");
    CHECK(got.body() == "GET /a?b=c ");
    CHECK(got.version() == 20);
    CHECK(got.header("x-version") == "20");
    CHECK(got.header("content-length") == "11");
    const std::string large(3'000'000, 'x');
    const auto posted = co_await client.post("http://h.example/", large);
    CHECK(posted.body().size() == large.size() + 7);
    const auto head = co_await client.head("http://h.example/");
    CHECK(head.body().empty());
    CHECK(head.header("content-length") == "7");
    CHECK(here.connections == 1);
  });
}

TEST_CASE("the same server speaks HTTP/1.1 with those who begin with it") {
  site here(echo);
  here.run([&]() -> awaitable<void> {
    const auto got = co_await here.client(http::protocol_choice::http1).get("http://h.example/");
    CHECK(got.header("x-version") == "11");
    auto raw = co_await here.connect();
    // Its first letters are those of HTTP/2's preface.
    const std::string_view request = "PROPFIND / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";
    for (const char& letter : request) co_await raw->write(asio::const_buffer(&letter, 1));
    const auto answer = co_await all_of(*raw);
    CHECK(answer.find("PROPFIND / ") != answer.npos);
  });
}

TEST_CASE("without the option a server knows no HTTP/2") {
  site here(echo, {});
  here.run([&]() -> awaitable<void> {
    auto raw = co_await here.connect();
    const std::string_view preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    co_await raw->write(asio::buffer(preface.data(), preface.size()));
    const auto answer = co_await all_of(*raw);
    CHECK(answer.starts_with("HTTP/1.1 "));
  });
}

TEST_CASE("a streaming reply over HTTP/2 comes piece by piece, and is cut off where it fails") {
  site here([](http::server_request& request) -> awaitable<http::reply> {
    http::reply out(200);
    const bool fails = request.path() == "/fails";
    out.stream([fails](http::reply_stream& to) -> awaitable<void> {
      for (int i = 0; i < 3; ++i) {
        co_await to.write("piece " + std::to_string(i) + "\n");
        co_await sleep_for(1s);
      }
      if (fails) throw std::runtime_error("no more");
    });
    co_return out;
  });
  here.run([&]() -> awaitable<void> {
    const auto client = here.client();
    auto stream = co_await client.stream(http::request("GET", "http://h.example/"));
    const std::string first(co_await stream.read_some());
    CHECK(first == "piece 0\n");
    const auto rest = co_await stream.read_all();
    CHECK(rest == "piece 1\npiece 2\n");
    bool lost = false;
    try {
      co_await client.get("http://h.example/fails");
    } catch (const connection_lost&) {
      lost = true;
    }
    CHECK(lost);
    const auto again = co_await client.get("http://h.example/");
    CHECK(again.status() == 200);
    CHECK(here.connections == 1);
  });
}

TEST_CASE("handlers that throw are 500, and bodies over the limit 413") {
  auto options = site::with_http2();
  options.limits.body_bytes = 1000;
  std::size_t told = 0;
  options.on_error = [&told](std::string_view, const std::exception_ptr&) { ++told; };
  site here(
      [](http::server_request& request) -> awaitable<http::reply> {
        if (request.path() == "/throws") throw std::runtime_error("inside");
        std::string body = co_await request.body();
        co_return http::reply::text(std::move(body));
      },
      std::move(options));
  here.run([&]() -> awaitable<void> {
    const auto client = here.client();
    const auto thrown = co_await client.get("http://h.example/throws");
    CHECK(thrown.status() == 500);
    CHECK(thrown.body().find("inside") == thrown.body().npos);
    CHECK(told == 1);
    const auto large = co_await client.post("http://h.example/", std::string(2000, 'x'));
    CHECK(large.status() == 413);
    const auto small = co_await client.post("http://h.example/", "small");
    CHECK(small.body() == "small");
  });
}

TEST_CASE("a server that ends lets HTTP/2 requests finish and takes no more") {
  site here([](http::server_request&) -> awaitable<http::reply> {
    co_await sleep_for(3s);
    co_return http::reply::text("done");
  });
  here.run([&]() -> awaitable<void> {
    const auto client = here.client();
    std::string body;
    co_await with_task_group([&](task_group& asking) -> awaitable<void> {
      asking.spawn([&]() -> awaitable<void> {
        const auto got = co_await client.get("http://h.example/");
        body = got.body();
      });
      co_await sleep_for(1s);
      here.end();
      co_return;
    });
    CHECK(body == "done");
  });
}

TEST_CASE("an HTTP/2 client that says nothing, or half of a header, is cut off") {
  const std::string preface = std::string("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n") + std::string("\0\0\0\4\0\0\0\0\0", 9);
  // A header of one byte that nothing follows: END_HEADERS is not set.
  const std::string half = preface + std::string("\0\0\1\1\1\0\0\0\1\x82", 10);
  const std::string half_preface = preface.substr(0, 7);
  const std::vector<std::pair<std::string, duration>> cases{{preface, 75s}, {half, 15s}, {half_preface, 15s}};
  for (const auto& [bytes, bound] : cases) {
    site here(echo);
    here.run([&, &said = bytes, &limit = bound]() -> awaitable<void> {
      auto raw = co_await here.connect();
      co_await raw->write(asio::buffer(said.data(), said.size()));
      const auto begin = co_await now();
      co_await all_of(*raw);
      const auto took = co_await now() - begin;
      CHECK(took >= limit);
      CHECK(took < limit + 5s);
    });
  }
}

TEST_CASE("a body that trickles in over HTTP/2 is given up") {
  bool given_up = false;
  site here([&](http::server_request& request) -> awaitable<http::reply> {
    try {
      co_await request.body();
    } catch (const timeout_error&) {
      given_up = true;
      throw;
    }
    co_return http::reply();
  });
  here.run([&]() -> awaitable<void> {
    auto raw = co_await here.connect();
    std::string said = std::string("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n") + std::string("\0\0\0\4\0\0\0\0\0", 9);
    const std::string head = "\x83\x86\x84" + std::string("\0\x0a", 2) + ":authority" + "\x01h";
    said += std::string("\0\0", 2) + static_cast<char>(head.size()) + std::string("\1\4\0\0\0\1", 6) + head;
    const std::string piece("\0\0\1\0\0\0\0\0\1x", 10);
    const auto begin = co_await now();
    for (int i = 0; i < 100 && !given_up; ++i) {
      co_await raw->write(asio::buffer(said.data(), said.size()));
      said = piece;
      co_await sleep_for(1s);
    }
    const auto took = co_await now() - begin;
    CHECK(given_up);
    CHECK(took < 35s);
    raw->close();
  });
}

TEST_CASE("a client that does not read its HTTP/2 replies is cut off") {
  bool gone = false;
  site here([&gone](http::server_request&) -> awaitable<http::reply> {
    http::reply out(200);
    out.stream([&gone](http::reply_stream& to) -> awaitable<void> {
      std::exception_ptr failure;
      const std::string piece(100'000, 'x');
      try {
        for (int i = 0; i < 1000; ++i) co_await to.write(piece);
      } catch (...) {
        failure = std::current_exception();
      }
      gone = failure != nullptr;
      if (failure) std::rethrow_exception(failure);
    });
    co_return out;
  });
  here.run([&]() -> awaitable<void> {
    const auto client = here.client();
    auto stream = co_await client.stream(http::request("GET", "http://h.example/"));
    CHECK(stream.status() == 200);
    co_await sleep_for(40s);
    CHECK(gone);
  });
}

TEST_CASE("an HTTP/2 client whose window stays shut is cut off") {
  site here([](http::server_request&) -> awaitable<http::reply> { co_return http::reply::text("hello"); });
  here.run([&]() -> awaitable<void> {
    auto raw = co_await here.connect();
    // SETTINGS_INITIAL_WINDOW_SIZE is 0: the header of the answer may come, its body never.
    std::string said =
        std::string("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n") + std::string("\0\0\6\4\0\0\0\0\0\0\4\0\0\0\0", 15);
    const std::string head = "\x82\x86\x84" + std::string("\0\x0a", 2) + ":authority" + "\x01h";
    said += std::string("\0\0", 2) + static_cast<char>(head.size()) + std::string("\1\5\0\0\0\1", 6) + head;
    const auto begin = co_await now();
    co_await raw->write(asio::buffer(said.data(), said.size()));
    const std::string got = co_await all_of(*raw);
    const auto took = co_await now() - begin;
    CHECK(got.find("hello") == std::string::npos);
    CHECK(got.find(std::string("\0\0\4\3\0\0\0\0\1", 9)) != std::string::npos);  // RST_STREAM
    CHECK(took < 110s);  // its reply is given up after 30 s, the idle connection 75 s later
  });
}
