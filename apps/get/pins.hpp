#pragma once

#include <string>

namespace braid::get {

/// --pinnedpubkey as net::tls_options takes it: hashes as they are, the name of a file as the hash of the public key in
/// it (PEM or DER). Throws: get_error (90) for a file that cannot be read or has none.
std::string pins_of(const std::string& text);

}  // namespace braid::get
