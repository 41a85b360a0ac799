#pragma once

#include <boost/asio/io_context.hpp>
#include <filesystem>
#include <string>
#include <string_view>
#include <thread>

namespace get_test {

/// A folder that goes away.
class scratch {
 public:
  scratch();
  ~scratch();
  scratch(const scratch&) = delete;
  scratch& operator=(const scratch&) = delete;
  std::string file(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

std::string content(const std::string& file);
void write(const std::string& file, std::string_view text);

struct result {
  int code = -1;
  std::string out, err;
};

/// Runs braid-get with arguments as a shell reads them, without a user's own options. `before` may set variables.
result get(const std::string& arguments, const std::string& before = {});

/// A site in this process: program.cpp has its pages.
class server {
 public:
  server();
  ~server();
  std::string operator()(const std::string& path) const { return "http://" + base_ + path; }
  const std::string& base() const { return base_; }

 private:
  boost::asio::io_context io_{1};
  std::thread thread_;
  std::string base_;
};

inline bool has(std::string_view text, std::string_view piece) { return text.find(piece) != text.npos; }

}  // namespace get_test
