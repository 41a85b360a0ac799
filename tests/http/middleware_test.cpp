#include <map>

#include "client_fixture.hpp"

using namespace client_tests;

namespace {

awaitable<http::response> add_header(http::request what, http::next_handler next) {
  what.header("X-Stamp", "1");
  http::response got = co_await next(std::move(what));
  co_return got;
}

}  // namespace

TEST_CASE("middleware changes the request and sees the response, the first one outermost") {
  scripted_peer peer;
  peer.next(answers(ok("hello")));
  run_virtual([&]() -> awaitable<void> {
    std::vector<std::string> order;
    http::client_options options;
    for (const char* name : {"outer", "inner"}) {
      options.middleware.push_back(
          [&order, name](http::request what, http::next_handler next) -> awaitable<http::response> {
            order.push_back(std::string(name) + " before");
            http::response got = co_await next(std::move(what));
            order.push_back(std::string(name) + " after " + got.body());
            co_return got;
          });
    }
    options.middleware.emplace_back(&add_header);
    http::client client = client_of(peer, options);
    http::response got = co_await client.get("http://h/");
    CHECK(got.body() == "hello");
    CHECK(order == std::vector<std::string>{"outer before", "inner before", "inner after hello", "outer after hello"});
    CHECK(peer.requests()[0].find("X-Stamp: 1\r\n") != std::string::npos);
  });
}

TEST_CASE("middleware may answer by itself, ask twice, and throw") {
  scripted_peer peer;
  peer.next(answers(ok("fresh")));
  run_virtual([&]() -> awaitable<void> {
    std::map<std::string, http::response> kept;
    http::client_options options;
    options.middleware.emplace_back([&kept](http::request what, http::next_handler next) -> awaitable<http::response> {
      if (what.url().path() == "/forbidden") throw invalid_argument("not this one");
      const std::string key(what.url().str());
      const auto found = kept.find(key);
      if (found != kept.end()) co_return found->second;
      http::request again = what;
      co_await next(std::move(again));
      http::response got = co_await next(std::move(what));
      kept.emplace(key, got);
      co_return got;
    });
    http::client client = client_of(peer, options);
    for (int i = 0; i < 3; ++i) {
      http::response got = co_await client.get("http://h/");
      CHECK(got.body() == "fresh");
    }
    CHECK(peer.requests().size() == 2);
    bool thrown = false;
    try {
      co_await client.get("http://h/forbidden");
    } catch (const invalid_argument&) {
      thrown = true;
    }
    CHECK(thrown);
  });
}

TEST_CASE("a request may outlive the handle that has the middleware") {
  scripted_peer peer;
  peer.next(answers(ok("still here")));
  run_virtual([&]() -> awaitable<void> {
    const auto count = std::make_shared<int>(0);
    http::client_options options;
    options.middleware.emplace_back([count](http::request what, http::next_handler next) -> awaitable<http::response> {
      http::response got = co_await next(std::move(what));
      next = nullptr;
      ++*count;
      co_return got;
    });
    auto client = std::make_unique<http::client>(client_of(peer, options));
    options = http::client_options();
    awaitable<http::response> pending = client->get("http://h/");
    client.reset();
    http::response got = co_await std::move(pending);
    CHECK(got.body() == "still here");
    CHECK(*count == 1);
  });
}
