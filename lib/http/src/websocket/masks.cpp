#include "websocket/masks.hpp"

#include <boost/beast/websocket/detail/prng.hpp>

namespace braid::http {

namespace {

constexpr unsigned enough = 8;         // less than a block, so that none is gone through twice before it is left
constexpr unsigned until_other = 256;  // this many further is a block that was not used

}  // namespace

void masks_taken(unsigned count) {
  thread_local unsigned taken = 0;
  taken += count;
  if (taken < enough) return;
  taken = 0;
  const auto next = boost::beast::websocket::detail::make_prng(true);
  for (unsigned i = 0; i < until_other; ++i) next();
}

}  // namespace braid::http
