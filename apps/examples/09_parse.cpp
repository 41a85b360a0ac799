// A page taken apart: CSS selectors, :has() among them, compiled once.
//
// usage: example_09_parse URL
#include <braid/html/document.hpp>
#include <braid/http/client.hpp>
#include <braid/runtime/runtime.hpp>
#include <iostream>

int main(int argc, char** argv) {
  const std::string url = argc > 1 ? argv[1] : "http://127.0.0.1:8080/search?q=coffee";

  braid::runtime runtime;
  runtime.run([&]() -> braid::awaitable<void> {
    braid::http::client client;
    auto response = co_await client.get(url);

    const braid::html::selector headlines("a[href]:has(h3)");
    const auto document = braid::html::document::parse(response.body());
    for (const auto link : document.select(headlines)) {
      std::cout << link.text() << "\n  " << link.attribute("href").value_or("") << '\n';
    }
  });
}
