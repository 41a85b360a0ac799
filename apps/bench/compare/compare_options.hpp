#pragma once

#include <string>

namespace braid::bench {

/// What `braid-bench compare` was asked to do.
struct compare_options {
  std::string a;
  std::string b;
  double least = 0.02;  ///< a difference of less, as a share, is none that matters
  bool fail_if_worse = false;
  std::string json_file;
};

}  // namespace braid::bench
