// Many requests at once, at most 20 in flight: while one waits for the network, another goes on. One thread does it
// all.
//
// usage: example_02_many SITE [COUNT]      SITE is a braid-origin: `braid-origin --latency 100ms` serves 127.0.0.1:8080
#include <braid/http/client.hpp>
#include <braid/runtime/for_each.hpp>
#include <braid/runtime/runtime.hpp>
#include <chrono>
#include <iostream>
#include <vector>

int main(int argc, char** argv) {
  const std::string site = argc > 1 ? argv[1] : "http://127.0.0.1:8080";
  std::vector<std::string> urls(argc > 2 ? std::stoul(argv[2]) : 100);
  for (std::size_t i = 0; i < urls.size(); ++i) urls[i] = site + "/search?q=query+" + std::to_string(i);

  std::size_t bytes = 0;  // one context, one thread: no lock
  const auto start = std::chrono::steady_clock::now();
  braid::runtime runtime;
  runtime.run([&]() -> braid::awaitable<void> {
    braid::http::client client;
    co_await braid::for_each(urls, 20, [&](const std::string& url) -> braid::awaitable<void> {
      auto response = co_await client.get(url);
      bytes += response.body().size();
    });
  });
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  std::cout << urls.size() << " pages, " << bytes << " bytes in " << took.count() << " s\n";
}
