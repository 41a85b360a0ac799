// Many tasks, but at most five requests a second to any one site, three at once after a pause.
//
// usage: example_19_rates URL...
#include <braid/http/client.hpp>
#include <braid/runtime/for_each.hpp>
#include <braid/runtime/runtime.hpp>
#include <iostream>
#include <string>
#include <vector>

int main(int argc, char** argv) {
  const std::vector<std::string> urls(argv + 1, argv + argc);

  braid::http::client_options options;
  options.rates.each = {5, 3};
  braid::runtime runtime;
  runtime.run([&]() -> braid::awaitable<void> {
    const braid::http::client client(options);
    co_await braid::for_each(urls, 100, [&](const std::string& url) -> braid::awaitable<void> {
      const auto got = co_await client.get(url);
      std::cout << url << ' ' << got.status() << '\n';
    });
  });
}
