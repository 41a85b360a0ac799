// Server-Sent Events: each as it comes, over as many connections as it takes, until the server has no more.
//
// usage: example_22_server_events URL
#include <braid/http/event_source.hpp>
#include <braid/runtime/runtime.hpp>
#include <iostream>

int main(int argc, char** argv) {
  const std::string url = argc > 1 ? argv[1] : "http://127.0.0.1:8080/";

  braid::runtime runtime;
  runtime.run([&]() -> braid::awaitable<void> {
    braid::http::client client;
    braid::http::event_source events(client, braid::http::request("GET", url));
    while (auto event = co_await events.next()) std::cout << event->type << ": " << event->data << '\n';
  });
}
