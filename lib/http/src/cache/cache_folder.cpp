#include "cache/cache_folder.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <openssl/crypto.h>
#include <openssl/sha.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <ctime>

#include <braid/core/error.hpp>

#include "cache/entry_format.hpp"
#include "cache/field_list.hpp"

namespace braid::http {

namespace {

constexpr std::size_t hash_digits = 40;
constexpr std::size_t most_variants = 16;      // one digit of a name
constexpr std::size_t head_room = 1u << 20;    // of a file, beside the body
constexpr std::string_view new_mark = "new-";  // begins the name of a file that is being written
constexpr std::int64_t new_lifetime = 3600ll * 1'000'000'000;
constexpr std::string_view digits = "0123456789abcdef";

std::string hash_of(std::string_view key) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256(reinterpret_cast<const unsigned char*>(key.data()), key.size(), digest.data());
  std::string out;
  for (std::size_t i = 0; out.size() < hash_digits; ++i) {
    out += digits[digest[i] >> 4];
    out += digits[digest[i] & 15];
  }
  return out;
}

std::string name_of(const std::string& hash, std::size_t variant) { return hash + '-' + digits[variant]; }

bool is_entry_name(std::string_view name) {
  return name.size() == hash_digits + 2 && name.find_first_not_of(digits) == hash_digits && name[hash_digits] == '-' &&
         digits.find(name.back()) != digits.npos;
}

std::int64_t nanoseconds(const timespec& time) { return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec; }

/// A descriptor that closes.
class descriptor {
 public:
  explicit descriptor(int number) : number_(number) {}
  descriptor(const descriptor&) = delete;
  descriptor& operator=(const descriptor&) = delete;
  ~descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  int operator*() const noexcept { return number_; }
  explicit operator bool() const noexcept { return number_ >= 0; }

 private:
  int number_;
};

}  // namespace

cache_folder::cache_folder(const std::filesystem::path& path, const cache_limits& limits)
    : limits_(limits), variants_(std::clamp<std::size_t>(limits.variants, 1, most_variants)) {
  // Here rather than in the first thread of the blocking pool that hashes: OpenSSL never frees what it keeps for the
  // thread that reads its configuration, unless that is the main one.
  OPENSSL_init_crypto(OPENSSL_INIT_LOAD_CONFIG, nullptr);
  const auto fail = [&](const char* doing) {
    throw io_error("cache folder " + path.string() + ": " + doing + ": " + std::strerror(errno));
  };
  if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) fail("make it");
  folder_ = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
  if (folder_ < 0) fail("open it");
  trim();
}

cache_folder::~cache_folder() { ::close(folder_); }

// --- files -----------------------------------------------------------------------------------------------------------

/// The content of a plain file of a size that may be; what is something else goes.
std::optional<std::string> cache_folder::read(const std::string& name) const {
  const descriptor opened(::openat(folder_, name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (!opened && errno == ENOENT) return std::nullopt;
  struct stat facts {};
  std::string out;
  bool good = opened && ::fstat(*opened, &facts) == 0 && S_ISREG(facts.st_mode) && facts.st_nlink == 1 &&
              static_cast<std::size_t>(facts.st_size) <= limits_.entry_bytes + head_room;
  if (good) out.resize(static_cast<std::size_t>(facts.st_size));
  std::size_t filled = 0;
  while (good && filled < out.size()) {
    const ssize_t got = ::read(*opened, out.data() + filled, out.size() - filled);
    good = got > 0;
    if (good) filled += static_cast<std::size_t>(got);
  }
  if (good) {
    ::futimens(*opened, nullptr);  // used now
    return out;
  }
  ::unlinkat(folder_, name.c_str(), 0);
  return std::nullopt;
}

std::optional<stored_response> cache_folder::load(const std::string& name, const std::string& key) const {
  const std::optional<std::string> bytes = read(name);
  if (!bytes) return std::nullopt;
  std::optional<stored_response> out = read_entry(*bytes);
  if (out && out->key == key) return out;
  ::unlinkat(folder_, name.c_str(), 0);
  return std::nullopt;
}

/// Under another name first: whoever looks for it finds the old file or the new one, whole.
bool cache_folder::write(const std::string& name, const std::string& bytes) const {
  static std::atomic<std::uint64_t> serial{0};
  const std::string part = std::string(new_mark) + std::to_string(::getpid()) + "-" +
                           std::to_string(std::chrono::steady_clock::now().time_since_epoch().count()) + "-" +
                           std::to_string(++serial);
  const int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
  const descriptor opened(::openat(folder_, part.c_str(), flags, 0600));
  if (!opened) return false;
  std::size_t written = 0;
  while (written < bytes.size()) {
    const ssize_t put = ::write(*opened, bytes.data() + written, bytes.size() - written);
    if (put <= 0) break;
    written += static_cast<std::size_t>(put);
  }
  if (written == bytes.size() && ::renameat(folder_, part.c_str(), folder_, name.c_str()) == 0) return true;
  ::unlinkat(folder_, part.c_str(), 0);
  return false;
}

std::vector<cache_folder::file> cache_folder::list() const {
  std::vector<file> out;
  DIR* const all = ::fdopendir(::openat(folder_, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!all) return out;
  while (const dirent* const at = ::readdir(all)) {
    file one;
    one.name = at->d_name;
    one.temporary = one.name.starts_with(new_mark);
    struct stat facts {};
    const bool ours = one.temporary || is_entry_name(one.name);
    if (!ours || ::fstatat(folder_, at->d_name, &facts, AT_SYMLINK_NOFOLLOW) != 0 || S_ISDIR(facts.st_mode)) continue;
    one.bytes = static_cast<std::size_t>(facts.st_size);
    one.used = nanoseconds(facts.st_mtim);
    out.push_back(std::move(one));
  }
  ::closedir(all);
  return out;
}

/// Looks at what is there, whoever wrote it, and makes room.
void cache_folder::trim() {
  std::vector<file> all = list();
  std::sort(all.begin(), all.end(), [](const file& a, const file& b) { return a.used < b.used; });
  timespec now{};
  ::clock_gettime(CLOCK_REALTIME, &now);
  std::size_t sum = 0;
  for (const file& one : all) sum += one.bytes;
  for (const file& one : all) {
    // What was begun so long ago will not be finished.
    const bool left_behind = one.temporary && nanoseconds(now) - one.used > new_lifetime;
    if (!left_behind && (one.temporary || sum <= limits_.bytes)) continue;
    ::unlinkat(folder_, one.name.c_str(), 0);
    sum -= one.bytes;
  }
  const std::lock_guard lock(mutex_);
  bytes_ = sum;
  unseen_ = 0;
}

cache_folder::totals cache_folder::count() const {
  totals out;
  for (const file& one : list()) {
    if (one.temporary) continue;
    ++out.files;
    out.bytes += one.bytes;
  }
  return out;
}

// --- responses -------------------------------------------------------------------------------------------------------

response_cache::entry cache_folder::find(const std::string& key, const headers& request) {
  const std::string hash = hash_of(key);
  std::optional<stored_response> best;
  for (std::size_t i = 0; i < variants_; ++i) {
    std::optional<stored_response> one = load(name_of(hash, i), key);
    if (!one || !is_selected(*one, request)) continue;
    if (!best || one->received > best->received) best = std::move(one);
  }
  if (!best) return nullptr;
  return std::make_shared<const stored_response>(std::move(*best));
}

/// The name of the same variant; a free one; that of the oldest.
std::string cache_folder::place_for(const stored_response& what) const {
  const std::string hash = hash_of(what.key);
  std::string unused, oldest;
  wall_time oldest_time = wall_time::max();
  for (std::size_t i = 0; i < variants_; ++i) {
    const std::string name = name_of(hash, i);
    const std::optional<stored_response> there = load(name, what.key);
    if (!there) {
      if (unused.empty()) unused = name;
    } else if (same_selection(there->selecting, what.selecting)) {
      return name;
    } else if (there->received < oldest_time) {
      oldest_time = there->received;
      oldest = name;
    }
  }
  return unused.empty() ? oldest : unused;
}

void cache_folder::put(const stored_response& what) {
  if (what.bytes() > limits_.entry_bytes) return;
  const std::string bytes = write_entry(what);
  if (bytes.size() > limits_.bytes || !write(place_for(what), bytes)) return;
  {
    const std::lock_guard lock(mutex_);
    bytes_ += bytes.size();
    unseen_ += bytes.size();
    if (bytes_ <= limits_.bytes && unseen_ <= limits_.bytes / 16) return;
  }
  trim();
}

void cache_folder::remove(const std::string& key) {
  const std::string hash = hash_of(key);
  for (std::size_t i = 0; i < most_variants; ++i) ::unlinkat(folder_, name_of(hash, i).c_str(), 0);
}

}  // namespace braid::http
