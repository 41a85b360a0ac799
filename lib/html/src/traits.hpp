#pragma once

#include "tree.hpp"

namespace braid::html {

/// Notes of each node of a parsed page what it has, and how it stands in the text.
void note_traits(tree& in);

}  // namespace braid::html
