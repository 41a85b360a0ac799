#pragma once

#include <exception>
#include <string>

namespace braid::get {

/// What is said of a failure: the library's words, but for those of curl's that scripts look for.
std::string message_of(const std::exception_ptr& failure);

}  // namespace braid::get
