// A body of any size, a piece at a time: nothing waits for the whole, and memory stays small.
//
// usage: example_06_download URL FILE
#include <braid/core/error.hpp>
#include <braid/http/client.hpp>
#include <braid/runtime/runtime.hpp>
#include <fstream>
#include <iostream>

int main(int argc, char** argv) {
  const std::string url = argc > 1 ? argv[1] : "http://127.0.0.1:8080/bytes/10000000";
  const std::string path = argc > 2 ? argv[2] : "download.bin";

  braid::runtime runtime;
  try {
    runtime.run([&]() -> braid::awaitable<void> {
      braid::http::client client;
      braid::http::request request("GET", url);
      auto stream = co_await client.stream(std::move(request));
      stream.raise_for_status();

      std::ofstream file(path, std::ios::binary);
      std::size_t bytes = 0;
      while (true) {
        const std::string_view piece = co_await stream.read_some();
        if (piece.empty()) break;
        file << piece;
        bytes += piece.size();
      }
      std::cout << bytes << " bytes to " << path << '\n';
    });
  } catch (const braid::error& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
