// The same on several cores: one option. The work is pulled by each context; what they share must be fit for sharing.
//
// usage: example_03_contexts SITE [CONTEXTS]      0 contexts means one a core
#include <atomic>
#include <braid/http/client.hpp>
#include <braid/runtime/context.hpp>
#include <braid/runtime/for_each.hpp>
#include <braid/runtime/runtime.hpp>
#include <iostream>
#include <vector>

int main(int argc, char** argv) {
  const std::string site = argc > 1 ? argv[1] : "http://127.0.0.1:8080";
  const auto contexts = static_cast<unsigned>(argc > 2 ? std::stoul(argv[2]) : 2);
  std::vector<std::string> urls(100, site + "/search?q=braid");

  braid::runtime runtime({.contexts = contexts});
  std::vector<std::atomic<int>> done_on(runtime.size());
  runtime.run([&]() -> braid::awaitable<void> {
    braid::http::client client;  // a handle: each context has its own connections behind it
    co_await braid::for_each(urls, 20, [&](const std::string& url) -> braid::awaitable<void> {
      co_await client.get(url);
      auto* here = braid::context::of(co_await boost::asio::this_coro::executor);
      ++done_on[here->index()];
    });
  });
  for (unsigned i = 0; i < runtime.size(); ++i) std::cout << "context " << i << ": " << done_on[i] << " pages\n";
}
