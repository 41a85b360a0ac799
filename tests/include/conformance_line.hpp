#pragma once

#include <iostream>
#include <string_view>

/// One line for tests/conformance.sh: a suite's name, how many of its cases came out right, and what there is to say.
inline void report_conformance(std::string_view suite, int passed, int total, std::string_view notes = "") {
  std::cout << "conformance|" << suite << '|' << passed << '|' << total << '|' << notes << std::endl;
}
