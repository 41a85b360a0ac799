#include "download/part_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>

#include <braid/core/error.hpp>

namespace braid::http {

namespace {

std::filesystem::path with(const std::filesystem::path& path, const char* ending) {
  std::filesystem::path out = path;
  out += ending;
  return out;
}

}  // namespace

part_file::part_file(std::filesystem::path target)
    : target_(std::move(target)), part_(with(target_, ".part")), note_(with(target_, ".part.info")) {
  file_ = ::open(part_.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0666);
  if (file_ < 0) fail("open");
  if (::flock(file_, LOCK_EX | LOCK_NB) != 0) {
    const bool taken = errno == EWOULDBLOCK;
    ::close(std::exchange(file_, -1));
    if (taken) throw io_error("download to " + target_.string() + ": another download writes it");
    fail("lock");
  }
}

part_file::~part_file() {
  if (file_ >= 0) ::close(file_);
}

void part_file::fail(const char* doing) const {
  throw io_error("download to " + target_.string() + ": " + doing + " " + part_.string() + ": " + std::strerror(errno));
}

/// The note: the URL, the validator, the size; a line each.
download_state part_file::left_of(std::string_view url) const {
  struct stat facts {};
  std::ifstream note(note_);
  std::string of, validator, size;
  const bool known = std::getline(note, of) && std::getline(note, validator) && std::getline(note, size);
  if (!known || of != url || validator.empty() || ::fstat(file_, &facts) != 0 || !S_ISREG(facts.st_mode)) return {};
  download_state out;
  out.received = static_cast<std::uint64_t>(facts.st_size);
  out.validator = validator;
  std::uint64_t total = 0;
  const auto [end, failure] = std::from_chars(size.data(), size.data() + size.size(), total);
  if (failure == std::errc() && end == size.data() + size.size()) out.total = total;
  if (!is_field_value(validator) || (out.total && out.received > *out.total)) return {};
  ::lseek(file_, 0, SEEK_END);
  return out;
}

void part_file::begin(std::string_view url, const download_state& what) {
  // A part without a note is never taken for one of something; the note of another must not be found beside it.
  std::error_code ignored;
  std::filesystem::remove(note_, ignored);
  if (::ftruncate(file_, 0) != 0 || ::lseek(file_, 0, SEEK_SET) != 0) fail("empty");
  if (what.validator.empty()) return;
  std::ofstream note(note_, std::ios::trunc);
  note << url << '\n' << what.validator << '\n' << (what.total ? std::to_string(*what.total) : "") << '\n';
  note.close();
  if (!note) fail("note down what is in");
}

void part_file::append(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t put = ::write(file_, bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) fail("write");
    bytes.remove_prefix(static_cast<std::size_t>(put));
  }
}

void part_file::finish() {
  if (::rename(part_.c_str(), target_.c_str()) != 0) fail("rename");
  std::error_code ignored;
  std::filesystem::remove(note_, ignored);
}

}  // namespace braid::http
