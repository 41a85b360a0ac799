#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <braid/core/error.hpp>
#include <braid/scrape/output_file.hpp>
#include <cerrno>
#include <cstring>
#include <utility>

namespace braid::scrape {
namespace {

[[noreturn]] void fail(const std::string& doing, const std::string& name, int error) {
  throw io_error(doing + " " + name + ": " + std::strerror(error));
}

bool is_regular_file(int file) {
  struct stat about {};
  return fstat(file, &about) == 0 && S_ISREG(about.st_mode);
}

}  // namespace

output_file::output_file(const std::filesystem::path& path, mode how) : name_(path.string()) {
  const int flags = O_RDWR | O_CREAT | O_CLOEXEC | (how == mode::replace ? O_TRUNC : 0);
  file_ = open(path.c_str(), flags, 0666);
  // A named pipe or device that may only be written.
  if (file_ < 0 && errno == EACCES) file_ = open(path.c_str(), (flags & ~O_RDWR) | O_WRONLY, 0666);
  if (file_ < 0) fail("open", name_, errno);
  regular_ = is_regular_file(file_);
  if (!regular_) return;
  const auto end = lseek(file_, 0, SEEK_END);
  if (end < 0) {
    const int error = errno;
    close(std::exchange(file_, -1));
    fail("open", name_, error);
  }
  size_ = static_cast<std::uint64_t>(end);
}

output_file::output_file() : file_(STDOUT_FILENO), owned_(false), name_("standard output") {}

output_file::output_file(output_file&& other) noexcept
    : file_(std::exchange(other.file_, -1)),
      owned_(other.owned_),
      regular_(other.regular_),
      size_(other.size_),
      name_(std::move(other.name_)) {}

output_file::~output_file() {
  if (owned_ && file_ >= 0) close(file_);
}

void output_file::write(std::string_view text) {
  const auto before = size_;
  auto left = text;
  while (!left.empty()) {
    const auto written = ::write(file_, left.data(), left.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) {
      const int error = written < 0 ? errno : EIO;
      if (regular_ && ftruncate(file_, static_cast<off_t>(before)) == 0 &&
          lseek(file_, static_cast<off_t>(before), SEEK_SET) >= 0) {
        size_ = before;
      }
      fail("write", name_ + " (" + std::to_string(size_) + " bytes are written)", error);
    }
    left.remove_prefix(static_cast<std::size_t>(written));
    size_ += static_cast<std::uint64_t>(written);
  }
}

void output_file::sync() {
  // Pipes and terminals have nothing to sync, and say EINVAL or the like.
  if (fdatasync(file_) != 0 && errno != EINVAL && errno != ENOTSUP && errno != EROFS) fail("sync", name_, errno);
}

void output_file::cut(std::uint64_t size) {
  if (!regular_ || size >= size_) return;
  if (ftruncate(file_, static_cast<off_t>(size)) != 0 || lseek(file_, static_cast<off_t>(size), SEEK_SET) < 0) {
    fail("shorten", name_, errno);
  }
  size_ = size;
}

std::string output_file::head(std::size_t most) const {
  return read(0, static_cast<std::size_t>(std::min<std::uint64_t>(regular_ ? size_ : 0, most)));
}

std::string output_file::tail(std::size_t most) const {
  const auto size = std::min<std::uint64_t>(regular_ ? size_ : 0, most);
  return read(size_ - size, static_cast<std::size_t>(size));
}

std::string output_file::read(std::uint64_t from, std::size_t size) const {
  std::string text(size, '\0');
  std::size_t have = 0;
  while (have < size) {
    const auto got = pread(file_, text.data() + have, size - have, static_cast<off_t>(from + have));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail("read", name_, errno);
    if (got == 0) break;
    have += static_cast<std::size_t>(got);
  }
  text.resize(have);
  return text;
}

std::uint64_t output_file::end_of_last_line() const {
  // A record may be long: look further back until a line ends or the file begins.
  for (std::size_t most = 64 * 1024;; most *= 4) {
    const auto text = tail(most);
    const auto end = text.rfind('\n');
    if (end != std::string::npos) return size_ - text.size() + end + 1;
    if (text.size() < most) return 0;
  }
}

}  // namespace braid::scrape
