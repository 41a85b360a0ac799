#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace braid::http {

/// What a netrc file has for a host.
struct netrc_entry {
  std::string login, password;
};

/// Looks through the text of a netrc file for the machine `host`, case aside, or the default entry; with `login`, only
/// entries of that login count. Values may be quoted, with \n, \r, \t, \" and \\ in the quotes; macdef bodies are
/// passed over. Empty where there is no entry.
/// Throws: invalid_argument for a quote without its end.
std::optional<netrc_entry> find_netrc(std::string_view text, std::string_view host, std::string_view login = {});

}  // namespace braid::http
