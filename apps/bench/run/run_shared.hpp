#pragma once

#include "mode.hpp"
#include "work.hpp"

namespace braid::bench {

/// The fifth mode: one io_context run by several threads. What braid does not offer, for comparison.
///
/// braid's own services (timers, pool, resolver cache) belong to one thread a context. So each task is on a strand, has
/// a client of its own, and time limits are off; the address in the URL must be numeric. Nothing is then shared but the
/// io_context, whose locks and migrations are what is to be measured.
void run_shared(const mode_plan& plan, bool pin, const job& what, tickets& left, tallies_shared& tallies);

}  // namespace braid::bench
