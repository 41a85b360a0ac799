#include "client_fixture.hpp"
#include "h2_client_fixture.hpp"

// What comes before the final response, and what comes behind it.

using namespace client_tests;

namespace {

std::string chunked(const std::string& trailers) {
  return "HTTP/1.1 200 OK\r\nTrailer: X-Sum\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n" + trailers + "\r\n";
}

using list = std::vector<std::string>;

http::client_options noting_informational(list& into) {
  http::client_options out;
  out.on_informational = [&into](const url& to, int status, const http::headers& fields) {
    into.push_back(std::string(to.path()) + " " + std::to_string(status) + " " +
                   std::string(fields.get("Link").value_or("")));
  };
  return out;
}

}  // namespace

TEST_CASE("trailers come behind the body and are not mixed with the header") {
  scripted_peer peer;
  peer.always(answers(chunked("X-Sum: 17\r\nx-sum: 18\r\nContent-Length: 5\r\nSet-Cookie: a=b\r\n")));
  run_virtual([&]() -> awaitable<void> {
    http::client client = client_of(peer);
    const http::response got = co_await client.get("http://h/");
    CHECK(got.body() == "abc");
    CHECK(got.trailers().size() == 2);
    CHECK(got.trailers().get("X-Sum") == "17");
    CHECK_FALSE(got.header("X-Sum"));
    CHECK_FALSE(got.header("Set-Cookie"));
    http::request what("GET", "http://h/");
    http::response_stream stream = co_await client.stream(std::move(what));
    CHECK(stream.trailers().empty());
    const std::string body = co_await stream.read_all();
    CHECK(body == "abc");
    CHECK(stream.trailers().get("X-Sum") == "17");
    CHECK(peer.connections() == 1);
  });
}

TEST_CASE("trailers of one response are not those of the next, and they are bounded") {
  scripted_peer peer;
  peer.next([](wire& w) -> awaitable<void> {
        co_await w.read_request();
        const std::string first = chunked("X-Sum: 17\r\n"), second = chunked("");
        co_await w.send(first);
        co_await w.read_request();
        co_await w.send(second);
        co_await w.read_request();
      })
      .next(answers(chunked("X-Sum: " + std::string(5000, 'x') + "\r\n")));
  run_virtual([&]() -> awaitable<void> {
    http::client client = client_of(peer);
    http::response got = co_await client.get("http://h/");
    CHECK(got.trailers().size() == 1);
    got = co_await client.get("http://h/");
    CHECK(got.trailers().empty());
    const std::string over = co_await outcome_of(client.get("http://other/"));
    CHECK(over.starts_with("limit_exceeded: "));
  });
}

TEST_CASE("h2: trailers") {
  run_virtual([]() -> awaitable<void> {
    h2_tests::memory_server server([](h2_tests::h2_peer& peer, std::int32_t id, const auto&) {
      peer.respond(id, {{":status", "200"}}, "abc", {{"x-sum", "17"}, {"content-type", "no"}});
    });
    http::client client = server.client();
    const http::response got = co_await client.get("http://h/");
    CHECK(got.body() == "abc");
    CHECK(got.trailers().get("X-Sum") == "17");
    CHECK(got.trailers().size() == 1);
    CHECK_FALSE(got.header("X-Sum"));
  });
}

TEST_CASE("1xx responses are told before the final one comes") {
  list seen;
  scripted_peer peer;
  peer.always(
      answers("HTTP/1.1 103 Early Hints\r\nLink: </style.css>\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n" + ok("x")));
  run_virtual([&]() -> awaitable<void> {
    http::client client = client_of(peer, noting_informational(seen));
    const http::response got = co_await client.get("http://h/one");
    CHECK_FALSE(got.header("Link"));
    co_await client.get("http://h/two");
    CHECK(peer.connections() == 1);
  });
  CHECK(seen == list{"/one 103 </style.css>", "/one 102 ", "/two 103 </style.css>", "/two 102 "});
}

TEST_CASE("h2: 1xx responses are told before the final one comes") {
  list seen;
  run_virtual([&]() -> awaitable<void> {
    h2_tests::memory_server server([](h2_tests::h2_peer& peer, std::int32_t id, const auto&) {
      peer.headers(id, {{":status", "103"}, {"link", "</style.css>"}});
      peer.respond(id, {{":status", "200"}}, "x");
    });
    http::client client = server.client(noting_informational(seen));
    const http::response got = co_await client.get("http://h/one");
    CHECK(got.body() == "x");
    CHECK_FALSE(got.header("Link"));
  });
  CHECK(seen == list{"/one 103 </style.css>"});
}

TEST_CASE("a body that expects 100 waits for it, for a refusal, or for its time") {
  std::string early;
  const auto script = [&](std::string before) {
    return [&early, before](wire& w) -> awaitable<void> {
      char buffer[1024];
      const net::io_result head = co_await w.stream().read_some(asio::buffer(buffer));
      early = std::string(buffer, head.size);
      if (!before.empty()) co_await w.send(before);
      if (before.starts_with("HTTP/1.1 4")) {
        co_await w.hang();
        co_return;
      }
      const net::io_result body = co_await w.stream().read_some(asio::buffer(buffer));
      const std::string answer = ok(std::string(buffer, body.size));
      co_await w.send(answer);
      co_await w.hang();
    };
  };
  struct expectation {
    const char* before;
    int status;
    const char* body;
    duration took;
  };
  for (const expectation& one :
       {expectation{"HTTP/1.1 100 Continue\r\n\r\n", 200, "large", 0s},
        expectation{"HTTP/1.1 413 No\r\nContent-Length: 0\r\n\r\n", 413, "", 0s}, expectation{"", 200, "large", 2s}}) {
    INFO(one.before);
    scripted_peer peer;
    peer.next(script(one.before));
    run_virtual([&]() -> awaitable<void> {
      http::client client = client_of(peer);
      http::request what("PUT", "http://h/");
      what.body("large").expect_continue(2s);
      const time_point begin = co_await now();
      const http::response got = co_await client.send(std::move(what));
      CHECK(got.status() == one.status);
      CHECK(got.body() == one.body);
      const time_point end = co_await now();
      CHECK(end - begin == one.took);
    });
    CHECK(early.find("Expect: 100-continue\r\n") != early.npos);
    CHECK(early.ends_with("\r\n\r\n"));
  }
}
