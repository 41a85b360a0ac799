#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/udp.hpp>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace net_test {

/// A DNS server on 127.0.0.1, in a thread of its own, that says what the test told it; of other names that there are
/// none.
class dns_server {
 public:
  struct record {
    std::vector<std::string> addresses;  // of both families
    std::uint32_t ttl = 60;
    int code = 0;     // RCODE; 3 is NXDOMAIN
    int unheard = 0;  // so many questions of each type are not answered
  };

  dns_server();
  ~dns_server();

  /// "127.0.0.1:5353"
  std::string place() const;
  void say(const std::string& name, record what);
  /// How many questions for IPv4 addresses came for this name.
  int asked(const std::string& name) const;

 private:
  void serve();
  std::string answer(const std::string& question);

  boost::asio::io_context io_;
  boost::asio::ip::udp::socket socket_;
  mutable std::mutex mutex_;
  std::map<std::string, record> records_;
  std::map<std::string, int> asked_[2];
  std::thread thread_;
};

}  // namespace net_test
