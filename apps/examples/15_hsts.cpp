// A client that remembers, from run to run, which hosts asked for https only (HSTS), in a file that curl reads too.
//
// usage: example_15_hsts URL [FILE]
#include <braid/http/client.hpp>
#include <braid/http/hsts.hpp>
#include <braid/runtime/runtime.hpp>
#include <chrono>
#include <iostream>

int main(int argc, char** argv) {
  const std::string url = argc > 1 ? argv[1] : "http://127.0.0.1:8080/";
  const std::string file = argc > 2 ? argv[2] : "hsts.txt";

  braid::http::client_options options;
  options.hsts = std::make_shared<braid::http::hsts_store>();
  options.hsts->load(file, std::chrono::system_clock::now());
  braid::runtime runtime;
  runtime.run([&]() -> braid::awaitable<void> {
    braid::http::client client(options);
    auto response = co_await client.get(url);
    std::cout << response.url().scheme() << ": " << response.status() << '\n';
  });
  options.hsts->save(file, std::chrono::system_clock::now());
}
