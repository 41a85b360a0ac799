#include <netdb.h>
#include <sys/socket.h>

#include <algorithm>

#include "resolver_cache.hpp"

namespace braid::net {

lookup_answer system_lookup(const std::string& host) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_ADDRCONFIG;
  addrinfo* found = nullptr;
  const int code = ::getaddrinfo(host.c_str(), nullptr, &hints, &found);
  lookup_answer answer;
  if (code != 0) {
    answer.failure = code == EAI_SYSTEM ? boost::system::error_code(errno, boost::system::system_category()).message()
                                        : ::gai_strerror(code);
    answer.temporary = code == EAI_AGAIN || code == EAI_MEMORY || code == EAI_SYSTEM;
    return answer;
  }
  for (const addrinfo* one = found; one != nullptr; one = one->ai_next) {
    if (one->ai_family != AF_INET && one->ai_family != AF_INET6) continue;
    const endpoint address = endpoint::from_native(one->ai_addr, one->ai_addrlen);
    if (std::find(answer.addresses.begin(), answer.addresses.end(), address) == answer.addresses.end()) {
      answer.addresses.push_back(address);
    }
  }
  ::freeaddrinfo(found);
  return answer;
}

}  // namespace braid::net
