// A request to an address where nobody listens, with nothing but braid::http: how a user's program compiles and links.
#include <braid/core/error.hpp>
#include <braid/http/client.hpp>
#include <braid/runtime/runtime.hpp>
#include <iostream>

int main() {
  braid::runtime runtime;
  try {
    runtime.run([]() -> braid::awaitable<void> {
      braid::http::client client;
      auto response = co_await client.get("http://127.0.0.1:1/");
      std::cout << response.status() << '\n';
    });
  } catch (const braid::connect_error& error) {
    std::cout << error.what() << '\n';
    return 0;
  }
  return 1;
}
