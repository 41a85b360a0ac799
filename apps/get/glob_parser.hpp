#pragma once

#include <string>
#include <string_view>

#include "glob.hpp"

namespace braid::get {

/// Reads a pattern for glob_pattern::parse().
class glob_parser {
 public:
  explicit glob_parser(std::string_view pattern) : pattern_(pattern) {}

  glob_pattern read();

 private:
  using part = glob_pattern::part;

  void add_literal(std::string& text);
  bool copy_address(std::string& to);
  void read_set();
  void read_range();
  std::string read_name();
  unsigned long read_step(std::size_t begin);
  void add(part one);
  [[noreturn]] void refuse(const char* why, std::size_t position) const;

  std::string_view pattern_;
  std::size_t at_ = 0;
  glob_pattern out_;
};

}  // namespace braid::get
