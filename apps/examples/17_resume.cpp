// A download that goes on where it stopped: after a lost connection by itself, after Ctrl-C with the next run.
//
// usage: example_17_resume URL FILE
#include <braid/http/download.hpp>
#include <braid/runtime/runtime.hpp>
#include <iostream>

int main(int argc, char** argv) {
  const std::string url = argc > 1 ? argv[1] : "http://127.0.0.1:8080/bytes/10000000";
  const std::string path = argc > 2 ? argv[2] : "download.bin";

  braid::runtime runtime;
  runtime.run([&]() -> braid::awaitable<void> {
    auto result = co_await braid::http::download(braid::http::client(), url, path);
    std::cout << result.bytes << " bytes, " << result.resumed << " of them from an earlier run\n";
  });
}
