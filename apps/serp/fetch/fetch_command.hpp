#pragma once

#include "engine_pages.hpp"

namespace braid::fetch {

/// `braid-serp fetch`. argv[0] is the command's own name. Returns the exit code.
int fetch_command(int argc, const char* const* argv, const engine_pages& engines);

}  // namespace braid::fetch
