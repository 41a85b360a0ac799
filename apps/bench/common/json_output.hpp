#pragma once

#include <fstream>
#include <nlohmann/json_fwd.hpp>
#include <string>

namespace braid::bench {

/// Where --json and --report write to: files, "-" for stdout (JSON only), nowhere for empty names. Opened before a
/// minute is spent on measuring. Throws io_error for a file that cannot be written.
class json_output {
 public:
  explicit json_output(const std::string& json_file, const std::string& report_file = {});

  bool is_stdout() const { return name_ == "-"; }

  void write(const nlohmann::json& value);

 private:
  const std::string name_;
  const std::string report_name_;
  std::ofstream file_;
  std::ofstream report_;
};

}  // namespace braid::bench
