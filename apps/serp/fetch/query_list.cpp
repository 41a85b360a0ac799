#include "query_list.hpp"

#include <braid/core/error.hpp>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>

namespace braid::fetch {
namespace {

std::string tidy(std::string_view text) {
  std::string words;
  bool space = false;
  for (const char c : text) {
    if (static_cast<unsigned char>(c) <= ' ') {
      space = !words.empty();
      continue;
    }
    if (space) words += ' ';
    space = false;
    words += c;
  }
  return words;
}

}  // namespace

void query_list::add(std::string_view query) {
  auto text = tidy(query);
  if (text.empty()) {
    ++empty_;
  } else if (seen_.insert(text).second) {
    queries_.push_back(std::move(text));
  } else {
    ++duplicates_;
  }
  if (queries_.size() >= at_a_time_) flush();
}

void query_list::flush() {
  if (!take_ || queries_.empty()) return;
  take_(queries_);
  queries_.clear();
  seen_.clear();
}

void query_list::add_lines(std::istream& in) {
  std::string line;
  for (bool first = true; std::getline(in, line); first = false) {
    std::string_view text = line;
    if (first && text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    add(text);
  }
}

void query_list::add_file(const std::string& path) {
  if (path == "-") {
    add_lines(std::cin);
    return;
  }
  // A folder can be opened and gives no lines: it must not pass for an empty list.
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) throw io_error("read queries from " + path + ": it is a folder");
  errno = 0;
  std::ifstream in(path, std::ios::binary);
  if (!in) throw io_error("read queries from " + path + ": " + std::strerror(errno));
  add_lines(in);
  if (in.bad()) throw io_error("read queries from " + path + ": " + std::strerror(errno));
}

}  // namespace braid::fetch
