#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace braid::bench {

/// What was measured on.
struct environment {
  std::string cpu;
  unsigned cores = 0;    ///< that this process may use
  std::string governor;  ///< of the cores' frequency; "unknown" where the kernel does not say
  std::string kernel;
  std::string compiler;
  std::string build;
};

environment this_environment();

nlohmann::json to_json(const environment& where);

/// The moment of the call, UTC: "2026-01-31T23:59:59Z".
std::string now_as_text();

}  // namespace braid::bench
