#pragma once

#include <cstdint>

#include <braid/origin/faults.hpp>

namespace soak {

/// A server of HTTP/2 without TLS (prior knowledge) on 127.0.0.1 that goes wrong where the plan says: `reset` is a
/// stream or the whole connection, `truncate` a body whose connection ends in its middle, `stall` a body or a
/// connection that falls silent. Now and then it says GOAWAY, sends 1xx responses and asks by PING. /bytes/N is what
/// braid-origin gives.
///
/// Prints where it listens and runs until SIGTERM.
int serve_h2(const braid::origin::fault_plan& faults, std::uint64_t seed);

}  // namespace soak
