#include "json_output.hpp"

#include <braid/core/error.hpp>
#include <cerrno>
#include <cstring>
#include <iostream>
#include <nlohmann/json.hpp>

namespace braid::bench {

json_output::json_output(const std::string& name) : name_(name) {
  if (!name_.empty() && name_ != "-") {
    file_.open(name_, std::ios::trunc);
    check();
  }
}

void json_output::write(const nlohmann::json& value) {
  if (name_.empty()) {
    return;
  }
  std::ostream& out = is_stdout() ? std::cout : file_;
  out << value.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) << std::endl;
  check();
}

void json_output::check() const {
  if (!file_) {
    throw io_error("write " + name_ + ": " + std::strerror(errno));
  }
}

}  // namespace braid::bench
