#pragma once

#include <functional>

namespace braid::net {

/// Runs `job` in one of a few threads shared by the whole process, in order of arrival as threads get free. Its threads
/// are nobody's to join: a getaddrinfo that hangs must not keep the process from ending.
void run_lookup(std::function<void()> job);

}  // namespace braid::net
