#include <braid/http/client.hpp>
#include <braid/runtime/runtime.hpp>
#include <iostream>

int main(int argc, char** argv) {
  std::string url = argc > 1 ? argv[1] : "https://example.org/";

  braid::runtime runtime;
  runtime.run([&]() -> braid::awaitable<void> {
    braid::http::client client;
    auto response = co_await client.get(url);
    std::cout << response.status() << '\n' << response.body();
  });
}
