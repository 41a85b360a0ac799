#include <fstream>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <sstream>
#include <vector>

#include <braid/core/error.hpp>
#include <braid/http/har.hpp>

#include "client/redirect.hpp"
#include "har/entry.hpp"

namespace braid::http {

/// The entries by what is asked, and how many of each have been given.
class har_archive {
 public:
  void add(har_entry entry) {
    ++size_;
    sequence& same = entries_[entry.method + ' ' + entry.url];
    same.entries.push_back(std::move(entry));
  }

  /// Null when there is none. The entries do not change any more.
  const har_entry* find(const std::string& method, const url& address, const std::string& body) {
    const auto found = entries_.find(method + ' ' + std::string(address.str()));
    if (found == entries_.end()) return nullptr;
    sequence& same = found->second;
    const auto fits = [&](const har_entry& one) { return !one.has_sent || one.sent == body; };
    const std::lock_guard lock(mutex_);
    const har_entry* last = nullptr;
    for (std::size_t i = 0; i < same.entries.size(); ++i) {
      if (!fits(same.entries[i])) continue;
      last = &same.entries[i];
      if (!same.given[i]) {
        same.given[i] = true;
        break;
      }
    }
    return last;
  }
  /// After the last add().
  void close() {
    for (auto& [what, same] : entries_) same.given.assign(same.entries.size(), false);
  }
  std::size_t size() const noexcept { return size_; }

 private:
  struct sequence {
    std::vector<har_entry> entries;
    std::vector<bool> given;
  };

  std::mutex mutex_;
  std::map<std::string, sequence, std::less<>> entries_;
  std::size_t size_ = 0;
};

namespace {

constexpr int most_redirects = 20;

/// Follows redirects as far as the archive does.
std::optional<response> answer_from(har_archive& archive, const request& what) {
  std::string method = what.method();
  std::string body = what.body();
  url at = what.url();
  const har_entry* found = archive.find(method, at, body);
  if (!found) return std::nullopt;
  for (int hops = 0; hops < most_redirects; ++hops) {
    const std::optional<redirect_step> step = redirect_of(found->status, found->answered, method, at);
    if (!step) break;
    if (step->becomes_get) {
      method = "GET";
      body.clear();
    }
    const har_entry* const next = archive.find(method, step->target, body);
    if (!next) break;
    found = next;
    at = step->target;
  }
  const request last(method, at);
  return response::made(last, found->status, found->answered, found->received);
}

boost::asio::awaitable<response> replay(std::shared_ptr<har_archive> archive, har_player::otherwise missing,
                                        request what, next_handler next) {
  std::optional<response> found = answer_from(*archive, what);
  if (found) co_return std::move(*found);
  if (missing == har_player::otherwise::fail) {
    throw invalid_argument(what.method() + " " + std::string(what.url().str()) + ": the archive has no answer to it");
  }
  boost::asio::awaitable<response> rest = next(std::move(what));
  response answer = co_await std::move(rest);
  co_return answer;
}

}  // namespace

har_player har_player::parse(std::string_view json, std::string_view source) {
  const auto fail = [&](const std::string& what) { throw invalid_argument(std::string(source) + ": " + what); };
  const auto whole = nlohmann::json::parse(json, nullptr, false);
  if (whole.is_discarded()) fail("this is no JSON");
  const auto log = whole.is_object() ? whole.find("log") : whole.end();
  if (!whole.is_object() || log == whole.end() || !log->is_object() || !log->contains("entries") ||
      !(*log)["entries"].is_array()) {
    fail("this is no HTTP archive: it has no log.entries");
  }
  har_player out;
  out.archive_ = std::make_shared<har_archive>();
  std::size_t index = 0;
  for (const auto& entry : (*log)["entries"]) {
    try {
      har_entry read = from_har(entry);
      // What failed when it was recorded is no answer.
      if (read.status != 0) out.archive_->add(std::move(read));
    } catch (const invalid_argument& wrong) {
      fail("entry " + std::to_string(index) + ": " + wrong.what());
    }
    ++index;
  }
  out.archive_->close();
  return out;
}

har_player har_player::load(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  if (!in) throw io_error("read the archive " + file.string() + ": it cannot be read");
  return parse(text.view(), file.string());
}

middleware_function har_player::middleware(otherwise missing) const {
  return [archive = archive_, missing](request what, next_handler next) {
    return replay(archive, missing, std::move(what), std::move(next));
  };
}

std::size_t har_player::size() const noexcept { return archive_->size(); }

}  // namespace braid::http
