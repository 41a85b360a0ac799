#pragma once

#include <string>

namespace braid::get {

/// All options in their groups, with examples.
std::string help_text();

}  // namespace braid::get
