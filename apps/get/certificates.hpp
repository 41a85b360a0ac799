#pragma once

#include <string>
#include <vector>

namespace braid::get {

/// What %{certs} writes of a chain in PEM: for each certificate lines as "Subject:CN = example", curl's names, and then
/// its PEM.
std::string certificates_text(const std::vector<std::string>& chain);

}  // namespace braid::get
