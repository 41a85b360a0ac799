// A cache in a folder: what may be kept is found there by the next run too.
//
// usage: example_16_disk_cache URL [FOLDER]
#include <braid/http/client.hpp>
#include <braid/http/disk_cache.hpp>
#include <braid/runtime/runtime.hpp>
#include <iostream>

int main(int argc, char** argv) {
  const std::string url = argc > 1 ? argv[1] : "http://127.0.0.1:8080/";

  braid::http::client_options options;
  options.cache = std::make_shared<braid::http::disk_cache>(argc > 2 ? argv[2] : "cache");
  braid::runtime runtime;
  runtime.run([&]() -> braid::awaitable<void> {
    braid::http::client client(options);
    auto response = co_await client.get(url);
    std::cout << response.status() << (response.from_cache() ? " from the cache\n" : " from the server\n");
  });
}
