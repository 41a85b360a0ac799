#include "proxy/socks5.hpp"

#include <braid/core/error.hpp>

#include "address_octets.hpp"

namespace braid::net {

namespace {

constexpr char version = 5;
constexpr char no_authentication = 0;
constexpr char user_and_password = 2;
constexpr char none_acceptable = static_cast<char>(0xff);
constexpr std::size_t reply_head = 5;  // with the first byte of the address, which may be the length of a name

/// What follows the reply's first five bytes, by the kind of its address; 0 for an unknown kind.
std::size_t rest_of_reply(char kind, char first) {
  switch (kind) {
    case 1:
      return 3 + 2;
    case 3:
      return static_cast<unsigned char>(first) + std::size_t{2};
    case 4:
      return 15 + 2;
    default:
      return 0;
  }
}

std::string_view reason_of(char code) {
  switch (code) {
    case 1:
      return "general failure";
    case 2:
      return "not allowed by its rules";
    case 3:
      return "network unreachable";
    case 4:
      return "host unreachable";
    case 5:
      return "connection refused";
    case 6:
      return "time to live expired";
    case 7:
      return "command not supported";
    case 8:
      return "kind of address not supported";
    default:
      return "unknown failure";
  }
}

}  // namespace

socks5::socks5(const proxy& with, const tunnel_target& to) {
  if (!to.address && (to.host.empty() || to.host.size() > 255)) {
    throw invalid_argument("a host name of " + std::to_string(to.host.size()) + " bytes, which SOCKS 5 cannot carry");
  }
  output_ = {version, 1, no_authentication};
  if (with.has_credentials()) {
    output_ = {version, 2, no_authentication, user_and_password};
    login_ += '\1';
    login_ += static_cast<char>(with.user().size());
    login_ += with.user();
    login_ += static_cast<char>(with.password().size());
    login_ += with.password();
  }
  request_ = {version, 1, 0};
  if (to.address) {
    const octets address = octets_of(*to.address);
    request_ += static_cast<char>(address.size() == 4 ? 1 : 4);
    request_.append(address.begin(), address.end());
  } else {
    request_ += '\3';
    request_ += static_cast<char>(to.host.size());
    request_ += to.host;
  }
  request_ += static_cast<char>(to.port >> 8);
  request_ += static_cast<char>(to.port & 255);
}

void socks5::expect(stage what, std::size_t size) {
  stage_ = what;
  size_ = size;
  answer_.clear();
}

proxy_handshake::step socks5::take(std::string_view input) {
  answer_ += input.substr(0, wanted());
  const char first = stage_ == stage::password ? '\1' : version;
  if (!answer_.empty() && answer_[0] != first) return fail(step::broken, "its answer is not SOCKS 5");
  if (wanted() > 0) return step::go_on;
  switch (stage_) {
    case stage::method:
      return take_method();
    case stage::password:
      if (answer_[1] != 0) return fail(step::refused, "it does not take these credentials");
      output_ += request_;
      expect(stage::reply, reply_head);
      return step::go_on;
    case stage::reply:
      return take_reply();
  }
  return step::broken;
}

proxy_handshake::step socks5::take_method() {
  const char method = answer_[1];
  if (method == none_acceptable) {
    return fail(step::refused,
                login_.empty() ? "it wants credentials" : "it takes neither user and password nor none at all");
  }
  if (method == user_and_password && !login_.empty()) {
    output_ += login_;
    expect(stage::password, 2);
    return step::go_on;
  }
  if (method != no_authentication) return fail(step::broken, "it chose an authentication that was not offered");
  output_ += request_;
  expect(stage::reply, reply_head);
  return step::go_on;
}

proxy_handshake::step socks5::take_reply() {
  if (answer_[1] != 0) return fail(step::refused, std::string(reason_of(answer_[1])));
  if (answer_.size() > reply_head) return step::done;
  const std::size_t rest = rest_of_reply(answer_[3], answer_[4]);
  if (rest == 0) return fail(step::broken, "its answer has an unknown kind of address");
  size_ = reply_head + rest;
  return step::go_on;
}

}  // namespace braid::net
