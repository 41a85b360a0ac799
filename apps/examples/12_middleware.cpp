// Retries with a budget, and middleware: coroutines around every request, here one that tells how long each took.
//
// usage: example_12_middleware [URL]
#include <braid/http/client.hpp>
#include <braid/runtime/runtime.hpp>
#include <chrono>
#include <iostream>

namespace http = braid::http;

int main(int argc, char** argv) {
  const std::string url = argc > 1 ? argv[1] : "http://127.0.0.1:8080/";

  http::client_options options;
  options.retries = http::retry_options();  // two, with back-off; Retry-After is obeyed
  options.middleware.push_back([](http::request what, http::next_handler next) -> braid::awaitable<http::response> {
    auto response = co_await next(std::move(what));
    const auto& took = response.timings();
    std::cout << response.url().str() << ": " << response.status() << " after "
              << std::chrono::duration<double, std::milli>(took.total).count() << " ms, attempt " << took.attempts
              << '\n';
    co_return response;
  });

  braid::runtime runtime;
  runtime.run([&]() -> braid::awaitable<void> {
    http::client client(options);
    auto response = co_await client.get(url);
    std::cout << response.body();
  });
}
