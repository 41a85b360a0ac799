// What a request does and how long each phase takes, as it happens.
//
// usage: example_18_events [URL]
#include <braid/http/client.hpp>
#include <braid/runtime/runtime.hpp>
#include <chrono>
#include <iostream>

int main(int argc, char** argv) {
  const std::string url = argc > 1 ? argv[1] : "http://127.0.0.1:8080/";

  braid::http::client_options options;
  options.events = [](const braid::http::request_event& event) {
    const std::chrono::duration<double, std::milli> took = event.took;
    std::cout << event.request << ' ' << to_string(event.phase) << ' ' << took.count() << " ms\n";
  };
  braid::runtime runtime;
  runtime.run([&]() -> braid::awaitable<void> { co_await braid::http::client(options).get(url); });
}
