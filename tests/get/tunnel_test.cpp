// What braid-get says to a proxy that opens a tunnel, and what it shows of the answer.
#include <array>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <catch2/catch.hpp>
#include <thread>

#include "program.hpp"

using namespace get_test;

namespace {

using boost::asio::ip::tcp;

/// Takes one connection, answers each head on it with the next of the answers, and keeps what was asked.
class scripted_proxy {
 public:
  explicit scripted_proxy(std::vector<std::string> answers)
      : door_(io_, tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0)),
        thread_([this, answers = std::move(answers)] { play(answers); }) {}
  ~scripted_proxy() {
    // Wakes an accept that nobody came for.
    if (thread_.joinable()) {
      tcp::socket knock(io_);
      boost::system::error_code ignored;
      knock.connect(door_.local_endpoint(), ignored);
      knock.close(ignored);
      thread_.join();
    }
  }

  std::string place() const { return "127.0.0.1:" + std::to_string(door_.local_endpoint().port()); }
  const std::string& asked() {
    thread_.join();
    return asked_;
  }

 private:
  void play(const std::vector<std::string>& answers) {
    tcp::socket client = door_.accept();
    boost::system::error_code error;
    std::string input;
    for (const std::string& answer : answers) {
      const std::size_t size = boost::asio::read_until(client, boost::asio::dynamic_buffer(input), "\r\n\r\n", error);
      if (error) return;
      asked_ += input.substr(0, size);
      input.erase(0, size);
      boost::asio::write(client, boost::asio::buffer(answer), error);
    }
    client.shutdown(tcp::socket::shutdown_send, error);
    std::array<char, 256> rest{};
    while (!error) client.read_some(boost::asio::buffer(rest), error);
  }

  boost::asio::io_context io_;
  tcp::acceptor door_;
  std::string asked_;
  std::thread thread_;
};

const std::string opened = "HTTP/1.1 200 Mighty\r\nContent-Length: 7\r\n\r\n";
const std::string page = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nyes";

}  // namespace

TEST_CASE("the head that opens a tunnel is shown, counted, and left out where asked") {
  const std::string what = "-s -p -i -w ' %{http_connect} %{size_header}' http://h.test:81/ --proxy ";
  const std::string numbers = " 200 " + std::to_string(opened.size() + page.size() - std::string("yes").size());
  scripted_proxy one({opened, page});
  CHECK(get(what + one.place()).out == opened + page + numbers);
  CHECK(has(one.asked(), "CONNECT h.test:81 HTTP/1.1\r\nHost: h.test:81\r\n"));
  scripted_proxy other({opened, page});
  CHECK(get("--suppress-connect-headers " + what + other.place()).out == page + numbers);
  scripted_proxy third({opened, page});
  CHECK(has(get("-v " + what + third.place()).err, "* Ignoring Content-Length in CONNECT 200 response\n"));
}

TEST_CASE("an old proxy is asked by an old CONNECT, the server by a new GET") {
  scripted_proxy one({opened, page});
  CHECK(get("-s -p -A '' http://h.test:81/ --proxy1.0 " + one.place()).out == "yes");
  CHECK(one.asked() ==
        "CONNECT h.test:81 HTTP/1.0\r\nHost: h.test:81\r\nProxy-Connection: Keep-Alive\r\n\r\n"
        "GET / HTTP/1.1\r\nHost: h.test:81\r\nAccept: */*\r\n\r\n");
}

TEST_CASE("a tunnel that is refused has curl's exit codes") {
  const std::string what = "-sS -p http://h.test:81/ -x ";
  scripted_proxy one({"HTTP/1.1 405 No\r\n\r\nnever mind"});
  const result refused = get("-i " + what + one.place());
  CHECK(refused.code == 7);
  CHECK(refused.out == "HTTP/1.1 405 No\r\n\r\n");
  CHECK(refused.err == "braid-get: (7) CONNECT tunnel failed, response 405\n");
  scripted_proxy other({"<html>\n<h1>no</h1>\n"});
  CHECK(get(what + other.place()).code == 43);
  CHECK(get("-x foo://127.0.0.1:1 http://h.test/").code == 7);
}

TEST_CASE("a host that ends in a number is the proxy's to judge") {
  scripted_proxy one({page});
  CHECK(get("-s http://test.287/a -x " + one.place()).out == "yes");
  CHECK(has(one.asked(), "GET http://test.287/a HTTP/1.1\r\nHost: test.287\r\n"));
}

TEST_CASE("connecting elsewhere takes a tunnel through a proxy, to where that is") {
  scripted_proxy one({opened, page});
  CHECK(get("-s http://h.test/ --connect-to ::other.test:82 -x " + one.place()).out == "yes");
  CHECK(has(one.asked(), "CONNECT other.test:82 HTTP/1.1\r\n"));
  scripted_proxy same({page});
  CHECK(get("-s http://h.test/ --connect-to ::h.test:80 -x " + same.place()).out == "yes");
  CHECK(has(same.asked(), "GET http://h.test/ HTTP/1.1\r\n"));
  // An address of IPv6 is led as any host.
  const server other;
  CHECK(get("-s 'http://[fd00::dead]:82/hello' -g --connect-to '[fd00::dead]:82:" + other.base() + "'").code == 0);
  // What leads nowhere else is the same connection.
  const server at;
  const std::string ask = "-s -o /dev/null -w '%{num_connects}' " + at("/hello");
  CHECK(get(ask + " --next " + ask + " --connect-to ::" + at.base()).out == "10");
}

TEST_CASE("lists of exceptions hold for a proxy from wherever they come") {
  const server at;
  CHECK(get("-s -x 127.0.0.1:1 " + at("/hello"), "NO_PROXY=127.0.0.1").out == "hello\n");
  CHECK(get("-s " + at("/hello"), "http_proxy=127.0.0.1:1 no_proxy=").code == 7);
  CHECK(get("-s --noproxy 127.0.0.1 " + at("/hello"), "http_proxy=127.0.0.1:1 no_proxy=x").out == "hello\n");
}
