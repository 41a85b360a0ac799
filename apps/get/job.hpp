#pragma once

#include <string>
#include <vector>

#include "options.hpp"

namespace braid::get {

/// One URL to fetch, with all that was said about it.
struct job {
  job() = default;

  const url_options* options = nullptr;
  std::string url;     // after its {} and []
  std::string upload;  // -T; empty for none
  std::string out;     // a file, "-", or empty for nowhere
  bool named_by_url = false;
  std::size_t number = 0;
};

/// All URLs of a command line in order, with their files. Throws: get_error.
std::vector<job> jobs_of(const command_line& line);

}  // namespace braid::get
