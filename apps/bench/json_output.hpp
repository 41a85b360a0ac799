#pragma once

#include <fstream>
#include <nlohmann/json_fwd.hpp>
#include <string>

namespace braid::bench {

/// Where --json writes to: a file, "-" for stdout, nowhere for an empty name. Opened before a minute is spent on
/// measuring. Throws io_error for a file that cannot be written.
class json_output {
 public:
  explicit json_output(const std::string& name);

  bool is_stdout() const { return name_ == "-"; }

  void write(const nlohmann::json& value);

 private:
  void check() const;

  const std::string name_;
  std::ofstream file_;
};

}  // namespace braid::bench
