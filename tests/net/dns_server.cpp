#include "dns_server.hpp"

#include <array>
#include <boost/asio/ip/address.hpp>

namespace net_test {

namespace asio = boost::asio;
using asio::ip::udp;

namespace {

constexpr unsigned type_a = 1, type_aaaa = 28;

std::string two(unsigned value) { return {static_cast<char>(value >> 8), static_cast<char>(value)}; }

template <class Bytes>
std::string resource(unsigned type, std::uint32_t ttl, const Bytes& address) {
  const std::string data(address.begin(), address.end());
  return "\xc0\x0c" + two(type) + two(1) + two(ttl >> 16) + two(ttl) + two(static_cast<unsigned>(data.size())) + data;
}

}  // namespace

dns_server::dns_server()
    : socket_(io_, udp::endpoint(asio::ip::address_v4::loopback(), 0)), thread_([this] { serve(); }) {}

dns_server::~dns_server() {
  // An empty datagram ends the thread.
  udp::socket last(io_, udp::v4());
  last.send_to(asio::const_buffer(), socket_.local_endpoint());
  thread_.join();
}

std::string dns_server::place() const { return "127.0.0.1:" + std::to_string(socket_.local_endpoint().port()); }

void dns_server::say(const std::string& name, record what) {
  const std::lock_guard lock(mutex_);
  records_[name] = std::move(what);
}

int dns_server::asked(const std::string& name) const {
  const std::lock_guard lock(mutex_);
  const auto at = asked_[0].find(name);
  return at == asked_[0].end() ? 0 : at->second;
}

void dns_server::serve() {
  std::array<char, 1500> bytes;
  for (;;) {
    udp::endpoint from;
    boost::system::error_code error;
    const std::size_t size = socket_.receive_from(asio::buffer(bytes), from, 0, error);
    if (!error && size == 0) return;
    if (error || size < 17) continue;
    const std::string reply = answer(std::string(bytes.data(), size));
    if (!reply.empty()) socket_.send_to(asio::buffer(reply), from, 0, error);
  }
}

std::string dns_server::answer(const std::string& question) {
  std::string name;
  std::size_t at = 12;
  while (at < question.size() && question[at] != '\0') {
    const auto length = static_cast<unsigned char>(question[at]);
    name += (name.empty() ? "" : ".") + question.substr(at + 1, length);
    at += 1u + length;
  }
  if (at + 5 > question.size()) return {};
  const unsigned type = static_cast<unsigned char>(question[at + 2]);

  const std::lock_guard lock(mutex_);
  record what;
  what.code = 3;
  if (const auto known = records_.find(name); known != records_.end()) what = known->second;
  if (++asked_[type == type_aaaa][name] <= what.unheard) return {};
  std::string resources;
  unsigned count = 0;
  for (const std::string& text : what.addresses) {
    const asio::ip::address one = asio::ip::make_address(text);
    if (type != (one.is_v4() ? type_a : type_aaaa)) continue;
    resources += one.is_v4() ? resource(type, what.ttl, one.to_v4().to_bytes())
                             : resource(type, what.ttl, one.to_v6().to_bytes());
    ++count;
  }
  return question.substr(0, 2) + two(0x8180u | static_cast<unsigned>(what.code)) + two(1) + two(count) + two(0) +
         two(0) + question.substr(12, at + 5 - 12) + resources;
}

}  // namespace net_test
