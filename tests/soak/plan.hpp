#pragma once

#include <cstdint>
#include <string>

#include <braid/core/clock.hpp>

namespace soak {

/// What becomes of a request on the client's side.
enum class ending : std::uint8_t {
  whole,      ///< it is read to its end
  cancelled,  ///< it is cancelled at some moment
  left,       ///< its body is left in the middle
};

struct step {
  ending how = ending::whole;
  std::uint32_t bytes = 0;     // of the response
  std::uint32_t upload = 0;    // of the request; 0 is a GET
  braid::duration patience{};  // until it is cancelled

  step() = default;
};

/// The request with this number: a function of the seed and nothing else, so that a run can be repeated.
/// `cancelled` is the share of the requests that do not get to their end by the client's own doing.
step plan(std::uint64_t seed, std::uint64_t number, double cancelled);

}  // namespace soak
