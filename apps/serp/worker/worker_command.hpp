#pragma once

#include "../fetch/engine_pages.hpp"

namespace braid::worker {

/// `braid-serp worker ...`: argv[0] is "worker". Returns the exit code.
int worker_command(int argc, const char* const* argv, const fetch::engine_pages& engines);

}  // namespace braid::worker
