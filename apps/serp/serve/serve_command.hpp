#pragma once

#include "../fetch/engine_pages.hpp"

namespace braid::serve {

/// `braid-serp serve`: argv[0] is the command's own name. The exit code: 0 after a signal, 2 for a command line or a
/// file that cannot be used, 3 when serving failed.
int serve_command(int argc, const char* const* argv, const fetch::engine_pages& engines);

}  // namespace braid::serve
