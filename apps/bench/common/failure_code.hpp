#pragma once

#include <exception>
#include <string>

namespace braid::bench {

/// The code that a failed request is counted under: "timeout", "connection_lost", "other" for what is not braid's.
std::string code_of(const std::exception_ptr& failure);

}  // namespace braid::bench
