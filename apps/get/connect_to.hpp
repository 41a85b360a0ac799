#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace braid::get {

/// --connect-to HOST:PORT:HOST2:PORT2; what is empty stands for any, or stays.
struct connect_rule {
  std::string host, port, new_host, new_port;

  bool fits(const std::string& to, std::uint16_t at) const;
};

/// Throws: get_error (49) for a port that is none.
std::vector<connect_rule> connect_rules(const std::vector<std::string>& texts);

/// Puts another host and port in by the first rule that fits. True where one changed something.
bool redirect_connection(const std::vector<connect_rule>& rules, std::string& host, std::uint16_t& port);

}  // namespace braid::get
