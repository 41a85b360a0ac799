#pragma once

#include <boost/asio/io_context.hpp>
#include <braid/net/resolver.hpp>
#include <functional>
#include <memory>
#include <string>

namespace braid::net {

/// Built with c-ares. Without it nobody gets past check_dns_options().
extern const bool dns_is_built_in;

/// Throws: invalid_argument.
void check_dns_options(const dns_options& options);

/// Asks for the addresses of `host`, on the thread of the context, and calls `done` there, never from within this.
/// The query ends with what is returned: destroyed before `done` was called, it closes its sockets and calls nothing.
std::shared_ptr<void> ask_dns(boost::asio::io_context& context, std::string host, const dns_options& options,
                              std::function<void(lookup_answer)> done);

}  // namespace braid::net
