#include "failure_code.hpp"

#include <braid/core/error.hpp>

namespace braid::bench {

std::string code_of(const std::exception_ptr& failure) {
  try {
    std::rethrow_exception(failure);
  } catch (const error& e) {
    return std::string(to_string(e.code()));
  } catch (...) {
    return "other";
  }
}

}  // namespace braid::bench
