// A client with a cache, driven by cache_tests.mjs: POST / with {"method", "url", "headers", "body"} is carried out.
#include <braid/core/error.hpp>
#include <braid/http/cache.hpp>
#include <braid/http/client.hpp>
#include <braid/http/server.hpp>
#include <braid/runtime/runtime.hpp>
#include <iostream>
#include <nlohmann/json.hpp>

namespace http = braid::http;

int main() {
  http::client_options options;
  options.cache = std::make_shared<http::memory_cache>();
  options.follow_redirects = false;
  http::client client(options);
  const auto answer = [&client](http::server_request& request) -> braid::awaitable<http::reply> {
    const std::string text = co_await request.body();
    nlohmann::json out;
    try {
      const auto asked = nlohmann::json::parse(text);
      http::request what(asked["method"].get<std::string>(), asked["url"].get<std::string>());
      for (const auto& field : asked["headers"]) what.header(field[0].get<std::string>(), field[1].get<std::string>());
      if (!asked["body"].is_null()) what.body(asked["body"].get<std::string>());
      auto sending = client.send(std::move(what));
      http::response got = co_await std::move(sending);
      out["status"] = got.status();
      out["body"] = got.body();
      out["headers"] = nlohmann::json::array();
      for (const auto field : got.headers()) {
        auto pair = nlohmann::json::array();
        pair.push_back(std::string(field.name));
        pair.push_back(std::string(field.value));
        out["headers"].push_back(pair);
      }
    } catch (const std::exception& e) {
      out["error"] = e.what();
    }
    co_return http::reply::json(out.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
  };
  std::uint16_t port = 0;
  http::server_options serving;
  serving.on_listening = [&port] { std::cout << "http://127.0.0.1:" << port << std::endl; };
  http::server server(answer, serving);
  server.listen("127.0.0.1", 0);
  port = server.local_port();
  braid::runtime runtime;
  runtime.run([&]() -> braid::awaitable<void> { co_await server.serve(); });
}
