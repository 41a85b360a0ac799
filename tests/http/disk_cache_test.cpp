#include <braid/http/disk_cache.hpp>

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "cache/cache_folder.hpp"
#include "cache/entry_format.hpp"
#include "client_fixture.hpp"

using namespace client_tests;
namespace fs = std::filesystem;

namespace {

class scratch {
 public:
  scratch() {
    std::string name = (fs::temp_directory_path() / "braid-cache-XXXXXX").string();
    path_ = mkdtemp(name.data());
  }
  ~scratch() { fs::remove_all(path_); }
  fs::path operator/(const char* name) const { return path_ / name; }

 private:
  fs::path path_;
};

http::stored_response response_of(std::string key, std::string body, http::headers selecting = {}) {
  http::stored_response out;
  out.key = std::move(key);
  out.selecting = std::move(selecting);
  out.fields = http::headers{{"Content-Type", "text/plain"}, {"X-Empty", ""}};
  out.reason = "OK";
  out.body = std::move(body);
  out.status = 200;
  out.requested = wall_time(std::chrono::seconds(1'900'000'000));
  out.received = out.requested + 1s;
  return out;
}

std::string found(http::cache_folder& in, const std::string& key, const http::headers& request = {}) {
  const auto got = in.find(key, request);
  return got ? got->body : "nothing";
}

std::vector<fs::path> files(const fs::path& folder) { return {fs::directory_iterator(folder), {}}; }

std::string content(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(in), {});
}

void write(const fs::path& file, const std::string& bytes) { std::ofstream(file, std::ios::binary) << bytes; }

}  // namespace

TEST_CASE("a stored response is the same after it has been a file") {
  const http::stored_response what = response_of("key", std::string("\0\xff body", 7), {{"Accept", "a, b"}});
  const std::string file = http::write_entry(what);
  const auto got = http::read_entry(file);
  REQUIRE(got);
  CHECK(got->key == "key");
  CHECK(got->body == what.body);
  CHECK(got->status == 200);
  CHECK(got->version == 11);
  CHECK(got->reason == "OK");
  CHECK(got->requested == what.requested);
  CHECK(got->received == what.received);
  CHECK(got->selecting.get("accept") == "a, b");
  CHECK(got->fields.size() == 2);
  // Cut short or changed anywhere, it is none.
  for (std::size_t i = 0; i < file.size(); ++i) {
    std::string changed = file;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    CHECK_FALSE(http::read_entry(changed));
    CHECK_FALSE(http::read_entry(std::string_view(file).substr(0, i)));
  }
  CHECK_FALSE(http::read_entry(file + "x"));
}

TEST_CASE("a cache folder finds what it was given, by variant, also after it was opened again") {
  const scratch here;
  {
    http::cache_folder folder(here / "c", {});
    folder.put(response_of("one", "1"));
    folder.put(response_of("two", "de", {{"Accept-Language", "de"}}));
    folder.put(response_of("two", "en", {{"Accept-Language", "en"}}));
    folder.put(response_of("one", "1 again"));
    CHECK(folder.count().files == 3);
  }
  http::cache_folder folder(here / "c", {});
  CHECK(found(folder, "one") == "1 again");
  CHECK(found(folder, "two", {{"Accept-Language", "de"}}) == "de");
  CHECK(found(folder, "two", {{"Accept-Language", "en"}}) == "en");
  CHECK(found(folder, "two", {{"Accept-Language", "fr"}}) == "nothing");
  CHECK(found(folder, "three") == "nothing");
  folder.remove("two");
  CHECK(found(folder, "two", {{"Accept-Language", "en"}}) == "nothing");
  CHECK(folder.count().files == 1);
  const std::string name = files(here / "c")[0].filename();
  CHECK(name.find("one") == name.npos);
  CHECK((fs::status(here / "c").permissions() & fs::perms::all) == fs::perms::owner_all);
}

TEST_CASE("a cache folder stays below its bytes, and what was not used for longest goes first") {
  const scratch here;
  http::cache_limits limits;
  limits.bytes = 20'000;
  limits.entry_bytes = 6'000;
  limits.variants = 2;
  http::cache_folder folder(here / "c", limits);
  for (int i = 0; i < 20; ++i) {
    folder.put(response_of("k" + std::to_string(i), std::string(4000, 'x')));
    CHECK(found(folder, "k0").size() == 4000);  // used each time
    CHECK(folder.count().bytes <= limits.bytes);
  }
  CHECK(folder.count().files == 4);
  CHECK(found(folder, "k19").size() == 4000);
  CHECK(found(folder, "k1") == "nothing");
  folder.put(response_of("large", std::string(6000, 'x')));
  CHECK(found(folder, "large") == "nothing");
  for (const char* language : {"a", "b", "c"}) folder.put(response_of("v", language, {{"Accept-Language", language}}));
  CHECK(found(folder, "v", {{"Accept-Language", "c"}}) == "c");
  // Another process put more there.
  write(here / "c" / "ffffffffffffffffffffffffffffffffffffffff-0", std::string(50'000, 'x'));
  folder.put(response_of("more", std::string(2000, 'x')));
  CHECK(folder.count().bytes <= limits.bytes);
}

TEST_CASE("broken files and links in a cache folder are deleted and never followed") {
  const scratch here;
  http::cache_folder folder(here / "c", {});
  folder.put(response_of("one", "1"));
  const fs::path file = files(here / "c")[0];
  const std::string good = content(file);
  for (const std::string& broken : {std::string(), good.substr(0, good.size() / 2), "x" + good}) {
    write(file, broken);
    CHECK(found(folder, "one") == "nothing");
    CHECK_FALSE(fs::exists(file));
  }
  // The entry of another key under this name.
  write(file, http::write_entry(response_of("other", "x")));
  CHECK(found(folder, "one") == "nothing");
  CHECK_FALSE(fs::exists(file));
  write(here / "secret", good);
  fs::create_symlink(here / "secret", file);
  CHECK(found(folder, "one") == "nothing");
  CHECK_FALSE(fs::is_symlink(file));
  fs::create_symlink(here / "secret", file);
  folder.put(response_of("one", "mine"));
  CHECK(found(folder, "one") == "mine");
  CHECK(content(here / "secret") == good);
  fs::remove(file);
  fs::create_hard_link(here / "secret", file);
  CHECK(found(folder, "one") == "nothing");
  CHECK(content(here / "secret") == good);
  REQUIRE(::mkfifo(file.c_str(), 0600) == 0);
  CHECK(found(folder, "one") == "nothing");
  fs::create_directory_symlink(here / "c", here / "link");
  CHECK_THROWS_AS(http::cache_folder(here / "link", {}), io_error);
  CHECK_THROWS_AS(http::cache_folder(here / "no" / "c", {}), io_error);
}

TEST_CASE("what a killed process left half written goes after a while") {
  const scratch here;
  fs::create_directory(here / "c");
  write(here / "c" / "new-1-2-3", "half");
  write(here / "c" / "new-4-5-6", "half");
  write(here / "c" / "README", "not ours");
  fs::last_write_time(here / "c" / "new-1-2-3", fs::file_time_type::clock::now() - 2h);
  const http::cache_folder folder(here / "c", {});
  CHECK_FALSE(fs::exists(here / "c" / "new-1-2-3"));
  CHECK(fs::exists(here / "c" / "new-4-5-6"));
  CHECK(fs::exists(here / "c" / "README"));
}

TEST_CASE("processes that share a cache folder never see half a response, also when they are killed") {
  const scratch here;
  std::vector<pid_t> children;
  for (int child = 0; child < 3; ++child) {
    const pid_t pid = ::fork();
    REQUIRE(pid >= 0);
    if (pid == 0) {
      http::cache_limits limits;
      limits.bytes = 300'000;
      http::cache_folder folder(here / "c", limits);
      for (int i = 0;; ++i) {
        const std::string key = "k" + std::to_string(i % 7);
        folder.put(response_of(key, std::string(static_cast<std::size_t>(1000 * (child + 1) + i % 500), 'a')));
      }
    }
    children.push_back(pid);
  }
  while (!fs::exists(here / "c")) ::usleep(1000);
  http::cache_folder folder(here / "c", {});
  int seen = 0;
  const auto end = std::chrono::steady_clock::now() + 20s;
  for (int i = 0; seen < 200 && std::chrono::steady_clock::now() < end; ++i) {
    const std::string body = found(folder, "k" + std::to_string(i % 7));
    if (body == "nothing") continue;
    ++seen;
    CHECK(body.size() >= 1000);
    CHECK(body.find_first_not_of('a') == body.npos);
  }
  for (const pid_t pid : children) {
    ::kill(pid, SIGKILL);
    ::waitpid(pid, nullptr, 0);
  }
  CHECK(seen == 200);
  for (const fs::path& file : files(here / "c")) {
    if (file.filename().string().starts_with("new-")) continue;
    CHECK(http::read_entry(content(file)));
  }
}

TEST_CASE("a client answers from its folder, after a restart too") {
  const scratch here;
  scripted_peer peer;
  peer.next(answers_and_closes(ok("kept", "Cache-Control: max-age=60\r\n")));
  for (const bool again : {false, true}) {
    run_virtual([&]() -> awaitable<void> {
      http::client_options options;
      options.cache = std::make_shared<http::disk_cache>(here / "c");
      http::client client = client_of(peer, options);
      const http::response got = co_await client.get("http://h/");
      CHECK(got.body() == "kept");
      CHECK(got.from_cache() == again);
    });
  }
  CHECK(peer.connections() == 1);
  http::disk_cache cache(here / "c");
  CHECK(cache.size() == 1);
  CHECK(cache.bytes() > 100);
  run_virtual([&]() -> awaitable<void> { co_await cache.remove("decoded http://h/"); });
  CHECK(cache.size() == 0);
}
