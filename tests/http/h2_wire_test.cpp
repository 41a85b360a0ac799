// What a request's wire form says over HTTP/2: Expect: 100-continue, and the tap.
#include <braid/http/wire_form.hpp>

#include "h2_client_fixture.hpp"

using namespace h2_tests;

namespace {

/// Waits until the head of request `id` is there, and says what came of its body meanwhile.
awaitable<std::string> body_so_far(memory_server& at, std::int32_t id) {
  while (at.connections() == 0 || at.at(0).requests().count(id) == 0) co_await yield();
  for (int i = 0; i < 20; ++i) co_await yield();
  co_return at.at(0).requests().at(id).body;
}

http::request large(bool streamed) {
  http::request out("PUT", "http://h/");
  if (streamed) {
    const auto left = std::make_shared<int>(3);
    out.stream([left]() -> awaitable<std::string> { co_return (*left)-- > 0 ? "x" : ""; });
  } else {
    out.body("xxx");
  }
  out.expect_continue(2s);
  return out;
}

struct expectation {
  const char* told;  // the status that the server says before it has the body; empty for none
  int status;
  const char* sent;
  duration took;
};

}  // namespace

TEST_CASE("h2: a body that expects 100 waits for it, for a refusal, or for its time") {
  for (const bool streamed : {false, true}) {
    for (const expectation& one :
         {expectation{"100", 200, "xxx", 0s}, expectation{"413", 413, "", 0s}, expectation{"", 200, "xxx", 2s}}) {
      INFO(one.told << (streamed ? ", streamed" : ""));
      memory_server at(say_path);
      run_virtual([&]() -> awaitable<void> {
        http::client client = at.client();
        const time_point begin = co_await now();
        int status = 0;
        co_await with_task_group([&](task_group& group) -> awaitable<void> {
          group.spawn([](http::client by, bool made, int& got) -> awaitable<void> {
            const http::response response = co_await by.send(large(made));
            got = response.status();
          }(client, streamed, status));
          const std::string early = co_await body_so_far(at, 1);
          CHECK(early.empty());
          if (*one.told) at.at(0).headers(1, {{":status", one.told}}, *one.told == '4');
          co_await at.flush();
        });
        const time_point end = co_await now();
        CHECK(status == one.status);
        CHECK(end - begin == one.took);
        const h2_peer::request& seen = at.at(0).requests().at(1);
        CHECK(seen.field("expect") == "100-continue");
        CHECK(seen.body == one.sent);
        // The connection is as good as before.
        const http::response next = co_await client.get("http://h/next");
        CHECK(next.body() == "/next");
        CHECK(at.connections() == 1);
      });
    }
  }
}

TEST_CASE("h2: who looks on sees heads in the form of HTTP/1.1 and bodies as they are") {
  memory_server at([](h2_peer& peer, std::int32_t id, const h2_peer::request&) {
    peer.headers(id, {{":status", "103"}, {"link", "</a>"}});
    peer.respond(id, {{":status", "200"}, {"a", "b"}}, "answer", {{"sum", "1"}});
  });
  std::string seen;
  http::wire_form form;
  form.tap = [&seen](http::wire_event what, std::string_view bytes) {
    seen += std::to_string(static_cast<int>(what)) + "<" + std::string(bytes) + ">";
  };
  run_virtual([&]() -> awaitable<void> {
    http::client_options options;
    options.user_agent.clear();
    options.decompress = false;
    http::client client = at.client(options);
    http::request what("PUT", "http://h/p");
    what.header("Connection", "close").header("X-Own", "1").body("question").wire(form);
    const http::response got = co_await client.send(std::move(what));
    CHECK(got.body() == "answer");
  });
  CHECK(seen ==
        "0<PUT /p HTTP/2\r\nHost: h\r\nX-Own: 1\r\nAccept: */*\r\nContent-Length: 8\r\n\r\n>1<question>"
        "2<HTTP/2 103 \r\nlink: </a>\r\n\r\n>2<HTTP/2 200 \r\na: b\r\n\r\n>5<sum: 1\r\n>");
}
