#pragma once

namespace braid::bench {

/// Nanoseconds that it takes to go from one coroutine to another on one context, measured on two of them that take
/// turns 200,000 times.
double switch_cost_ns();

}  // namespace braid::bench
