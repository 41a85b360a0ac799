#include "option_table.hpp"

namespace braid::get {

std::vector<option_group> option_groups() {
  return {
      {"What is asked", request_options()},       {"Where it goes", output_options()}, {"Who asks", sign_in_options()},
      {"Connections", connection_options()},      {"Proxies", proxy_options()},        {"TLS", security_options()},
      {"Time, size and retries", time_options()}, {"The program", program_options()}};
}

const option* find_option(char letter) {
  for (const option_group& group : option_groups()) {
    for (const option& one : group.options) {
      if (one.letter == letter) return &one;
    }
  }
  return nullptr;
}

const option* find_option(std::string_view name) {
  for (const option_group& group : option_groups()) {
    for (const option& one : group.options) {
      if (one.name == name) return &one;
    }
  }
  return nullptr;
}

}  // namespace braid::get
