// Cookies kept from one request to the next and from one run to the next, in a file that curl reads too.
//
// usage: example_11_cookies URL [FILE]
#include <braid/http/client.hpp>
#include <braid/http/cookies.hpp>
#include <braid/runtime/runtime.hpp>
#include <chrono>
#include <fstream>
#include <iostream>
#include <iterator>

int main(int argc, char** argv) {
  const std::string url = argc > 1 ? argv[1] : "http://127.0.0.1:8080/";
  const std::string path = argc > 2 ? argv[2] : "cookies.txt";
  const auto now = [] { return std::chrono::system_clock::now(); };

  const auto jar = std::make_shared<braid::http::cookie_jar>();
  std::ifstream saved(path);
  jar->import_netscape(std::string(std::istreambuf_iterator<char>(saved), {}), now());

  braid::runtime runtime;
  runtime.run([&]() -> braid::awaitable<void> {
    braid::http::client_options options;
    options.cookies = jar;
    braid::http::client client(options);
    co_await client.get(url);
    std::cout << "next time: " << jar->header_for(braid::url::parse(url), now()) << '\n';
  });
  std::ofstream(path) << jar->export_netscape(now());
}
