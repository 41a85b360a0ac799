// A page fetched twice, the second time from the client's cache as far as the server allows it.
//
// usage: example_13_cache URL
#include <braid/http/cache.hpp>
#include <braid/http/client.hpp>
#include <braid/runtime/runtime.hpp>
#include <iostream>

int main(int argc, char** argv) {
  const std::string url = argc > 1 ? argv[1] : "http://127.0.0.1:8080/";

  braid::runtime runtime;
  runtime.run([&]() -> braid::awaitable<void> {
    braid::http::client_options options;
    options.cache = std::make_shared<braid::http::memory_cache>();
    braid::http::client client(options);
    for (int i = 0; i < 2; ++i) {
      auto response = co_await client.get(url);
      std::cout << response.status() << (response.from_cache() ? " from the cache, " : " from the server, ")
                << response.header("Age").value_or("0") << " s old\n";
    }
  });
}
