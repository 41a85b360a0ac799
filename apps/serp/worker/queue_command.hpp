#pragma once

namespace braid::worker {

/// `braid-serp queue ...`: argv[0] is "queue". Returns the exit code: 0, 1 when there are dead jobs, 2 usage, 3 when
/// the queue cannot be reached.
int queue_command(int argc, const char* const* argv);

}  // namespace braid::worker
