// Addresses for names from a table of one's own, behind the client's cache: coroutines that want a name at once share
// one lookup, and what it found, or did not find, is kept for its time.
#include <boost/asio/this_coro.hpp>
#include <braid/net/resolver.hpp>
#include <braid/runtime/for_each.hpp>
#include <braid/runtime/runtime.hpp>
#include <chrono>
#include <iostream>
#include <string>
#include <vector>

using namespace std::chrono_literals;

braid::net::lookup_answer ask_table(const std::string& host) {
  std::cout << "asked for " + host + '\n';  // in one piece: lookups are made in threads
  braid::net::lookup_answer answer;
  if (host == "shop.test") answer.addresses.push_back(*braid::net::endpoint::parse("127.0.0.1", 0));
  if (answer.addresses.empty()) answer.failure = "not in the table";
  answer.ttl = 10min;
  return answer;
}

int main() {
  braid::runtime runtime;
  runtime.run([]() -> braid::awaitable<void> {
    auto& names = braid::net::resolver::of(co_await boost::asio::this_coro::executor);
    braid::net::resolver_options bounds;
    bounds.max_ttl = 5min;
    bounds.negative_ttl = 30s;
    names.configure(bounds);
    names.use_lookup(ask_table);
    const std::vector<std::string> wanted{"shop.test", "shop.test", "none.test", "SHOP.test", "none.test"};
    co_await braid::for_each(wanted, 5, [&](const std::string& name) -> braid::awaitable<void> {
      try {
        const auto found = co_await names.resolve(name, 80);
        std::cout << name + ": " + found.front().str() + '\n';
      } catch (const std::exception& failure) {
        std::cout << failure.what() + std::string("\n");
      }
    });
  });
}
