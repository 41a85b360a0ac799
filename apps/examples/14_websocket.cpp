// A WebSocket: what is said comes back, from an echo server.
//
// usage: example_14_websocket URL
#include <braid/http/client.hpp>
#include <braid/runtime/runtime.hpp>
#include <iostream>

int main(int argc, char** argv) {
  const std::string url = argc > 1 ? argv[1] : "ws://127.0.0.1:8080/";

  braid::runtime runtime;
  runtime.run([&]() -> braid::awaitable<void> {
    braid::http::client client;
    auto socket = co_await client.websocket(url);
    co_await socket.send("hello");
    if (auto message = co_await socket.receive()) std::cout << message->data << '\n';
    co_await socket.close();
  });
}
