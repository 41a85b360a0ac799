#include <braid/core/error.hpp>

#include "dns_query.hpp"

// Where there is no c-ares.
namespace braid::net {

const bool dns_is_built_in = false;

void check_dns_options(const dns_options&) {
  throw invalid_argument("resolver: built without c-ares, which asks the DNS");
}

std::shared_ptr<void> ask_dns(boost::asio::io_context&, std::string, const dns_options&,
                              std::function<void(lookup_answer)>) {
  return nullptr;
}

}  // namespace braid::net
