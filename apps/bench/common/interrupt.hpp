#pragma once

#include <atomic>

namespace braid::bench {

/// Makes the first Ctrl-C (or SIGTERM) set the flag that is returned; the second ends the program as usual.
const std::atomic<bool>& note_interrupts();

}  // namespace braid::bench
