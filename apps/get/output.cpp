#include "output.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include "get_error.hpp"

namespace braid::get {

output::output(std::string name, mode how, bool make_folders, bool unbuffered)
    : name_(std::move(name)), mode_(how), make_folders_(make_folders), unbuffered_(unbuffered) {}

output::~output() {
  if (file_ && file_ != stdout) std::fclose(file_);
}

void output::open() {
  if (file_ || name_.empty()) return;
  if (name_ == "-") {
    file_ = stdout;
    return;
  }
  if (make_folders_) make_folders_of(name_);
  const char* const how = mode_ == mode::append ? "ab" : mode_ == mode::replace ? "wb" : "wbx";
  const std::string base = name_;
  file_ = std::fopen(name_.c_str(), how);
  for (int number = 1; !file_ && errno == EEXIST && mode_ == mode::next_free && number <= 100; ++number) {
    name_ = base + "." + std::to_string(number);
    file_ = std::fopen(name_.c_str(), how);
  }
  if (!file_) fail();
}

void output::write(std::string_view bytes) {
  if (name_.empty()) return;
  open();
  if (std::fwrite(bytes.data(), 1, bytes.size(), file_) != bytes.size()) fail();
  if (unbuffered_ && std::fflush(file_) != 0) fail();
}

void output::close() {
  if (!file_) return;
  if (std::fflush(file_) != 0) fail();
}

void output::rewind() {
  if (!file_ || file_ == stdout || mode_ == mode::append) return;
  if (std::fflush(file_) != 0 || ftruncate(fileno(file_), 0) != 0) fail();
  std::rewind(file_);
}

void output::remove() {
  // A file of this name that was never opened is somebody else's.
  if (!is_file() || !file_) return;
  std::fclose(std::exchange(file_, nullptr));
  struct stat what {};
  if (stat(name_.c_str(), &what) == 0 && S_ISREG(what.st_mode)) unlink(name_.c_str());
}

void output::fail() const {
  const std::string reason = std::strerror(errno);
  if (!file_) throw get_error(write_failed, "Failed to open the file " + name_ + ": " + reason);
  throw get_error(write_failed, "Failure writing output to destination: " + reason);
}

std::string remote_name(std::string_view path) {
  while (path.ends_with('/')) path.remove_suffix(1);
  const std::string_view name = path.substr(path.rfind('/') + 1);
  return name.empty() ? "curl_response" : std::string(name);
}

std::string disposition_name(std::string_view value) {
  constexpr std::string_view key = "filename=";
  std::size_t at = 0;
  for (;;) {
    at = value.find_first_not_of("; \t", at);
    if (at == value.npos) return {};
    const std::string_view rest = value.substr(at);
    bool here = rest.size() >= key.size();
    for (std::size_t i = 0; here && i < key.size(); ++i) here = (rest[i] | 0x20) == (key[i] | 0x20);
    if (!here) {
      at = value.find(';', at);
      if (at == value.npos) return {};
      continue;
    }
    std::string_view name = rest.substr(key.size());
    std::string out;
    if (name.starts_with('"') || name.starts_with('\'')) {
      const char quote = name.front();
      for (std::size_t i = 1; i < name.size() && name[i] != quote; ++i) {
        if (name[i] == '\\' && i + 1 < name.size()) ++i;
        out += name[i];
      }
    } else {
      out = name.substr(0, name.find(';'));
    }
    out.erase(0, out.find_last_of("/\\") + 1);
    while (!out.empty() && (out.back() == '\r' || out.back() == '\n' || out.back() == ' ')) out.pop_back();
    return out == "." || out == ".." ? std::string() : out;
  }
}

std::string in_folder(const std::string& folder, const std::string& name) {
  return folder.empty() || name == "-" || name.empty() ? name : folder + "/" + name;
}

void make_folders_of(const std::string& file) {
  const std::filesystem::path folder = std::filesystem::path(file).parent_path();
  if (folder.empty()) return;
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error)
    throw get_error(write_failed, "Failed to create the directory " + folder.string() + ": " + error.message());
}

}  // namespace braid::get
