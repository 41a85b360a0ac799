#pragma once

#include <string>

#include "report.hpp"

namespace braid::get {

/// Text of -w with its destinations: %{stdout} and %{stderr} turn to these, %{output{FILE}} to a file, >> before its
/// name to its end. `format` has %{name}, %header{name}, \n, \r, \t.
void write_out(const std::string& format, const transfer_report& of);

/// The value of a variable; empty text for one that is not known.
bool variable_value(const std::string& name, const transfer_report& of, std::string& value);

/// All variables as one JSON object, and the response's header as another.
std::string report_json(const transfer_report& of);
std::string header_json(const transfer_report& of);

}  // namespace braid::get
