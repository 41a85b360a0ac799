#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include <braid/http/har.hpp>

#include "client_fixture.hpp"

using namespace client_tests;

namespace {

http::client replaying(const http::har_player& player,
                       http::har_player::otherwise missing = http::har_player::otherwise::fail) {
  http::client_options options;
  options.middleware.push_back(player.middleware(missing));
  const scripted_peer nobody;
  return client_of(nobody, options);
}

}  // namespace

TEST_CASE("what was recorded is answered again without the network") {
  const std::string binary("\x00\xFF\x01", 3);
  scripted_peer peer;
  peer.next([&](wire& w) -> awaitable<void> {
    for (const std::string& text :
         {ok("first", "Content-Type: text/plain\r\n"), ok("second"), ok(binary),
          "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n" + std::string(), ok("posted")}) {
      co_await w.read_request();
      co_await w.send(text);
    }
    co_await w.hang();
  });
  const http::har_recorder recorder;
  run_virtual([&]() -> awaitable<void> {
    http::client_options options;
    options.middleware.push_back(recorder.middleware());
    http::client client = client_of(peer, options);
    for (const char* url : {"http://h/a?x=1", "http://h/a?x=1", "http://h/binary", "http://h/missing"}) {
      co_await client.get(url);
    }
    co_await client.post("http://h/form", "name=value", "application/x-www-form-urlencoded");
  });
  REQUIRE(recorder.size() == 5);
  const auto player = http::har_player::parse(recorder.str());
  CHECK(player.size() == 5);
  run_virtual([&]() -> awaitable<void> {
    http::client client = replaying(player);
    http::response one = co_await client.get("http://h/a?x=1");
    CHECK(one.body() == "first");
    CHECK(one.header("content-type") == "text/plain");
    for (int again = 0; again < 2; ++again) {
      http::response two = co_await client.get("http://h/a?x=1");
      CHECK(two.body() == "second");
    }
    http::response three = co_await client.get("http://h/binary");
    CHECK(three.body() == binary);
    http::response four = co_await client.get("http://h/missing");
    CHECK(four.status() == 404);
    CHECK(four.reason() == "Not Found");
    http::response five = co_await client.post("http://h/form", "name=value");
    CHECK(five.body() == "posted");
    for (const auto& [url, body] :
         {std::pair("http://h/form", "name=other"), std::pair("http://h/else", "name=value")}) {
      const std::string failure = co_await outcome_of(client.post(url, body));
      CHECK(failure.find("the archive has no answer") != std::string::npos);
    }
    http::client asking = replaying(player, http::har_player::otherwise::ask);
    const std::string refused = co_await outcome_of(asking.get("http://h/else"));
    CHECK(refused.starts_with("connect_failed"));
  });
}

TEST_CASE("redirects and failures are recorded, and redirects followed again") {
  scripted_peer peer;
  peer.next([&](wire& w) -> awaitable<void> {
    co_await w.read_request();
    co_await w.send("HTTP/1.1 302 Found\r\nLocation: /there\r\nContent-Length: 0\r\n\r\n");
    co_await w.read_request();
    co_await w.send(ok("arrived"));
    co_await w.hang();
  });
  const http::har_recorder recorder;
  run_virtual([&]() -> awaitable<void> {
    http::client_options options;
    options.middleware.push_back(recorder.middleware());
    http::client client = client_of(peer, options);
    co_await client.get("http://h/here");
    co_await outcome_of(client.get("http://nobody/"));
  });
  const auto log = nlohmann::json::parse(recorder.str())["log"];
  CHECK(log["version"] == "1.2");
  REQUIRE(log["entries"].size() == 3);
  CHECK(log["entries"][0]["response"]["redirectURL"] == "/there");
  CHECK(log["entries"][1]["request"]["url"] == "http://h/there");
  CHECK(log["entries"][2]["response"]["status"] == 0);
  CHECK(log["entries"][2]["response"]["_error"].get<std::string>().find("nobody") != std::string::npos);
  const auto player = http::har_player::parse(recorder.str());
  run_virtual([&]() -> awaitable<void> {
    http::client client = replaying(player);
    http::response got = co_await client.get("http://h/here");
    CHECK(got.body() == "arrived");
    CHECK(got.url().str() == "http://h/there");
  });
}

TEST_CASE("a recorder keeps within its bounds") {
  scripted_peer peer;
  peer.next(answers(ok(std::string(1000, 'x'))));
  http::har_limits limits;
  limits.entries = 3;
  const http::har_recorder few(limits);
  limits.entries = 100;
  limits.bytes = 5000;
  const http::har_recorder small(limits);
  run_virtual([&]() -> awaitable<void> {
    http::client_options options;
    options.middleware = {few.middleware(), small.middleware()};
    http::client client = client_of(peer, options);
    for (int i = 0; i < 10; ++i) co_await client.get("http://h/" + std::to_string(i));
  });
  CHECK(few.size() == 3);
  CHECK(small.size() == 4);
  CHECK(few.str().find("http://h/9") != std::string::npos);
  CHECK(few.str().find("http://h/6") == std::string::npos);
}

TEST_CASE("an archive is saved whole, and what is none is refused with the place") {
  const auto folder = std::filesystem::temp_directory_path() / ("braid-har-" + std::to_string(::getpid()));
  std::filesystem::create_directory(folder);
  const http::har_recorder empty;
  empty.save(folder / "a.har");
  CHECK(http::har_player::load(folder / "a.har").size() == 0);
  CHECK_FALSE(std::filesystem::exists(folder / "a.har.part"));
  CHECK_THROWS_AS(empty.save(folder / "no" / "a.har"), io_error);
  CHECK_THROWS_AS(http::har_player::load(folder / "b.har"), io_error);
  std::filesystem::remove_all(folder);
  const auto refusal = [](std::string_view json) {
    try {
      http::har_player::parse(json, "x.har");
    } catch (const invalid_argument& e) {
      return std::string(e.what());
    }
    return std::string("taken");
  };
  CHECK(refusal("{") == "x.har: this is no JSON");
  CHECK(refusal("[]") == "x.har: this is no HTTP archive: it has no log.entries");
  CHECK(refusal(R"({"log":{"entries":[{}]}})") == "x.har: entry 0: \"request\" is missing");
  CHECK(refusal(R"({"log":{"entries":[{"request":{"method":1}}]}})") == "x.har: entry 0: \"method\" is no text");
  const std::string entry = R"({"log":{"entries":[{"request":{"method":"GET","url":"http://h/"},"response":)";
  CHECK(refusal(entry + R"({"status":"200"}}]}})") == "x.har: entry 0: \"status\" is no status");
  CHECK(refusal(entry + R"({"status":200,"headers":[{"name":"a b","value":""}],"content":{}}}]}})") != "taken");
  CHECK(refusal(entry + R"({"status":200,"headers":[],"content":{"text":"!","encoding":"base64"}}}]}})") ==
        "x.har: entry 0: \"text\" is no base64");
  CHECK(refusal(entry + R"({"status":200,"headers":[],"content":{}}}]}})") == "taken");
}
