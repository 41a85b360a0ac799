// In a program that has an io_context of its own and knows nothing of braid's runtime: the client's functions are Asio
// awaitables, so co_spawn with any completion token starts them.
//
// usage: example_08_own_io_context URL
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <braid/http/client.hpp>
#include <iostream>

int main(int argc, char** argv) {
  const std::string url = argc > 1 ? argv[1] : "http://127.0.0.1:8080/";

  boost::asio::io_context io;
  braid::http::client client;

  // With a callback ...
  boost::asio::co_spawn(io, client.get(url), [](std::exception_ptr failure, braid::http::response response) {
    if (!failure) std::cout << "callback: " << response.status() << '\n';
  });
  // ... and with a future.
  std::future<braid::http::response> future = boost::asio::co_spawn(io, client.get(url), boost::asio::use_future);

  io.run();
  std::cout << "future: " << future.get().status() << '\n';
}
