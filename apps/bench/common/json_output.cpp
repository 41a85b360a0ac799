#include "json_output.hpp"

#include <braid/core/error.hpp>
#include <cerrno>
#include <cstring>
#include <iostream>
#include <nlohmann/json.hpp>

#include "bench/report/report_page.hpp"

namespace braid::bench {
namespace {

void check(const std::ostream& out, const std::string& name) {
  if (!out) {
    throw io_error("write " + name + ": " + std::strerror(errno));
  }
}

void open(std::ofstream& file, const std::string& name) {
  if (!name.empty() && name != "-") {
    file.open(name, std::ios::trunc);
    check(file, name);
  }
}

}  // namespace

json_output::json_output(const std::string& json_file, const std::string& report_file)
    : name_(json_file), report_name_(report_file) {
  open(file_, name_);
  open(report_, report_name_);
}

void json_output::write(const nlohmann::json& value) {
  if (!name_.empty()) {
    std::ostream& out = is_stdout() ? std::cout : file_;
    out << value.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) << std::endl;
    check(out, name_);
  }
  if (report_.is_open()) {
    report_ << report_page(value) << std::flush;
    check(report_, report_name_);
  }
}

}  // namespace braid::bench
