#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "report.hpp"

namespace braid::get {

/// A variable of -w, as curl names it.
struct report_variable {
  const char* name;
  std::string (*value)(const transfer_report&);
  enum class kind : std::uint8_t { text, number, time };  // as JSON
  kind type;
};

/// All of them, by name.
std::span<const report_variable> report_variables();

}  // namespace braid::get
